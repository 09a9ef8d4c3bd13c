"""How an exported Word file looks: page, styles, list levels, footer.

Where python-docx has no words for something, the XML of ISO/IEC 29500-1 (WordprocessingML) stands here.
"""

from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

BODY, MONO, SCRIPTS = "Calibri", "Consolas", "Arial"  # the last for right-to-left scripts
INK, FAINT, BLUE = "1F2430", "667085", "1A56B8"
HAIRLINE, WASH = "D0D5DD", "F5F6F8"
INDENT = Cm(0.75)
WIDTH = Cm(21.0 - 2 * 2.4)
_MARGIN = Cm(2.4)
_LEVELS = 9
_BULLETS, _NUMBERS = 90, 91
_HEADINGS = ((18, 20, 6), (15, 18, 6), (12.5, 14, 5), (11, 12, 4), (11, 12, 4), (11, 12, 4))  # size, before, after


def prepare(document: "Document", title: str) -> None:
    """Set an empty document up: A4, our styles, and a footer with its title and page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = _MARGIN
    section.bottom_margin = Cm(2.2)
    _style(document, "Normal", size=11, after=8).paragraph_format.line_spacing = 1.2
    shape = _style(document, "Title", size=24, bold=True, after=18)
    shape.paragraph_format.line_spacing = 1.05
    border(shape.element.get_or_add_pPr(), ("bottom",), color=INK, size=8, space=6)
    for level, (size, before, after) in enumerate(_HEADINGS, 1):
        heading = _style(document, f"Heading {level}", size=size, bold=True, before=before, after=after)
        heading.font.color.rgb = RGBColor.from_string(FAINT if level > 3 else INK)  # noqa: PLR2004 - as in the PDF
    quote = _style(document, "Quote", size=11, after=8, color="475067")
    border(quote.element.get_or_add_pPr(), ("left",), color=HAIRLINE, size=18, space=10)
    code = _style(document, "Code", size=9, after=10, font=MONO)
    code.paragraph_format.line_spacing = 1.05
    code.paragraph_format.left_indent = code.paragraph_format.right_indent = Pt(6)
    border(code.element.get_or_add_pPr(), ("top", "left", "bottom", "right"), color=WASH, size=4, space=6)
    shade(code.element.get_or_add_pPr(), WASH)
    _style(document, "Table Text", size=9.5, before=3, after=3).paragraph_format.line_spacing = 1.1
    _style(document, "Footer", size=8, after=0, color=FAINT)
    _footer(section.footer.paragraphs[0], title)


class Lists:
    """Word's own numbering: one kind of bullets for all, and a count of its own for each numbered list."""

    def __init__(self, document: "Document") -> None:
        self._numbering: Any = document.part.numbering_part.element
        for number in (_BULLETS, _NUMBERS):
            self._numbering.insert(0, _levels(number))
        self.bullets: int = self._numbering.add_num(_BULLETS).numId

    def numbered_from(self, start: int, level: int) -> int:
        """The id of a list that counts from `start` at this level."""
        number = self._numbering.add_num(_NUMBERS)
        number.add_lvlOverride(level).add_startOverride(start)
        return int(number.numId)


def put_in_list(paragraph: "Paragraph", list_id: int, level: int) -> None:
    """Make a paragraph a point of a list."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001 - python-docx offers no other way
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = list_id


def border(properties: Any, sides: tuple[str, ...], *, color: str, size: int, space: int) -> None:
    """Draw sides of a paragraph's frame: `size` in eighths of a point, `space` in points."""
    frame = OxmlElement("w:pBdr")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", size), ("space", space), ("color", color)):
            line.set(qn(f"w:{name}"), str(value))
        frame.append(line)
    properties.insert_element_before(frame, *_AFTER_BORDER)


def shade(properties: Any, fill: str) -> None:
    """Colour the ground of a paragraph, a run or a cell."""
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shading.set(qn(f"w:{name}"), value)
    properties.insert_element_before(shading, *_AFTER_SHADING)


# The schema wants the children of an element in its own order: what may only come after a border, after a shading.
_AFTER_SHADING = tuple(
    f"w:{name}"
    for name in (
        *("tabs", "suppressAutoHyphens", "wordWrap", "bidi", "spacing", "ind", "contextualSpacing", "jc"),
        *("textAlignment", "outlineLvl", "rPr", "fitText", "vertAlign", "rtl", "cs", "noWrap", "tcMar", "vAlign"),
    )
)
_AFTER_BORDER = ("w:shd", *_AFTER_SHADING)


def _style(
    document: "Document",
    name: str,
    *,
    size: float,
    after: float,
    before: float = 0,
    bold: bool = False,
    color: str = INK,
    font: str = BODY,
) -> "ParagraphStyle":
    """A paragraph style of this name, freed of what the template had set, or made. Sizes in points."""
    known = name in {style.name for style in document.styles}
    style: Any = document.styles[name] if known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    for old in style.element.xpath("./w:rPr | ./w:pPr/*[not(self::w:outlineLvl or self::w:keepNext)]"):
        old.getparent().remove(old)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind, face in (("ascii", font), ("hAnsi", font), ("cs", SCRIPTS)):
        fonts.set(qn(f"w:{kind}"), face)
    style.font.size, style.font.bold, style.font.cs_bold, style.font.italic = Pt(size), bold, bold, False
    scripts_size = OxmlElement("w:szCs")
    scripts_size.set(qn("w:val"), str(round(size * 2)))
    style.element.rPr.insert_element_before(scripts_size, "w:highlight", "w:u", "w:rtl", "w:cs", "w:lang")
    style.font.color.rgb = RGBColor.from_string(color)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    return style  # type: ignore[no-any-return]


def _levels(number: int) -> Any:
    """Nine levels of bullets or numbers, each a step further in."""
    step = int(INDENT.twips)
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{"bullet" if number == _BULLETS else "decimal"}"/>'
        f'<w:lvlText w:val="{"•–"[level % 2] if number == _BULLETS else f"%{level + 1}."}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{step * (level + 1)}" w:hanging="{step}"/></w:pPr></w:lvl>'
        for level in range(_LEVELS)
    )
    return parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>'
        f"{levels}</w:abstractNum>"
    )


def _footer(paragraph: "Paragraph", title: str) -> None:
    """The title at the left, the page and the number of pages at the right."""
    tabs = paragraph.paragraph_format.tab_stops
    tabs.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{title}\t")
    for instruction, separator in (("PAGE", " / "), ("NUMPAGES", "")):
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), instruction)
        paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields
        paragraph.add_run(separator)
