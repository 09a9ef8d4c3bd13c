"""A document as a Word file, by python-docx: https://python-docx.readthedocs.io

Headings, lists and tables are Word's own, so that whoever gets the file can go on working in it.
"""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Pt, RGBColor
from docx.text.run import Run

from core.exports import word_styles as styles
from core.exports.document import (
    Block,
    Code,
    Document,
    Heading,
    Item,
    Line,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    is_rtl,
    plain,
    runs_rtl,
)

if TYPE_CHECKING:
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

_LONGEST_TITLE = 200
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def write_word(document: Document) -> bytes:
    """A .docx file: A4, editable headings, lists and tables, no macros and nothing from outside."""
    return _Writer(document).write()


class _Writer:
    """Lays the blocks of one document out, one after the other."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._word = docx.Document()
        title = plain(document.title).replace("\n", " ")[:_LONGEST_TITLE]
        styles.prepare(self._word, title)
        self._style_ids = {style.name: style.style_id for style in self._word.styles}
        self._lists = styles.Lists(self._word)
        about = self._word.core_properties
        about.title, about.author, about.comments = title, "", ""
        about.created = about.modified = datetime.now(UTC)

    def write(self) -> bytes:
        self._fill(self._paragraph("Title"), self._document.title)
        self._blocks(self._document.blocks, depth=0)
        file = io.BytesIO()
        self._word.save(file)
        return file.getvalue()

    def _blocks(self, blocks: tuple[Block, ...], *, depth: int, style: str = "Normal") -> None:
        """Blocks, `depth` steps from the margin."""
        for block in blocks:
            match block:
                case Heading():
                    self._fill(self._indented(depth, f"Heading {block.level}"), block.line)
                case Paragraph():
                    self._fill(self._indented(depth, style), block.line)
                case Code():
                    self._indented(depth, "Code").add_run(block.text)
                case Quote():
                    self._blocks(block.blocks, depth=depth + 1, style="Quote")
                case Listing():
                    self._listing(block, depth)
                case Table():
                    self._table(block)
                case Rule():
                    rule = self._word.add_paragraph()
                    styles.border(
                        rule._p.get_or_add_pPr(),  # noqa: SLF001 - python-docx has no borders
                        ("bottom",),
                        color=styles.HAIRLINE,
                        size=6,
                        space=1,
                    )

    def _paragraph(self, style: str) -> "WordParagraph":
        paragraph = self._word.add_paragraph()
        paragraph._p.style = self._style_ids[style]  # noqa: SLF001 - by name python-docx looks all styles through
        return paragraph

    def _indented(self, depth: int, style: str) -> "WordParagraph":
        paragraph = self._paragraph(style)
        if depth:
            paragraph.paragraph_format.left_indent = Emu(styles.INDENT * depth)
        return paragraph

    def _listing(self, listing: Listing, depth: int) -> None:
        list_id = self._lists.bullets if listing.start is None else self._lists.numbered_from(listing.start, depth)
        for item in listing.items:
            self._item(item, list_id, depth, close=listing.tight and item is not listing.items[-1])

    def _item(self, item: Item, list_id: int, depth: int, *, close: bool) -> None:
        first, rest = (item.blocks[0], item.blocks[1:]) if item.blocks else (None, ())
        line = first.line if isinstance(first, Paragraph) else ()
        if first is not None and not isinstance(first, Paragraph):
            rest = item.blocks
        paragraph = self._word.add_paragraph()
        if item.done is None:
            styles.put_in_list(paragraph, list_id, depth)
        else:
            paragraph.paragraph_format.left_indent = Emu(styles.INDENT * (depth + 1))
            paragraph.paragraph_format.first_line_indent = Emu(-styles.INDENT)
            paragraph.add_run("☑\t" if item.done else "☐\t").font.name = "Segoe UI Symbol"
        if close:
            paragraph.paragraph_format.space_after = Pt(3)
        self._fill(paragraph, line)
        self._blocks(rest, depth=depth + 1)

    def _table(self, table: Table) -> None:
        columns = len(table.align)
        made = self._word.add_table(len(table.rows), columns)
        made.autofit = False
        properties = made._tbl.tblPr  # noqa: SLF001 - python-docx has no borders
        for part in (_PLACE, _LINES):
            properties.insert_element_before(parse_xml(part), "w:tblLayout", "w:tblLook")
        if runs_rtl(table):
            properties.insert_element_before(OxmlElement("w:bidiVisual"), "w:tblW", "w:jc", "w:tblBorders")
        shares = table.widths
        widths = [Emu(styles.WIDTH * share // sum(shares)) for share in shares]
        for column, width in zip(made.columns, widths, strict=True):
            column.width = width
        for number, (row, cells) in enumerate(zip(made.rows, table.rows, strict=True)):
            row_properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - as above
            row_properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                row_properties.append(OxmlElement("w:tblHeader"))
            for cell, line, side, width in zip(row.cells, cells, table.align, widths, strict=True):
                cell.width = width
                self._cell(cell, line, side, head=number == 0)
        gap = self._word.add_paragraph().paragraph_format
        gap.line_spacing, gap.space_after = Pt(10), Pt(0)

    def _cell(self, cell: "_Cell", line: Line, side: str, *, head: bool) -> None:
        paragraph = cell.paragraphs[0]
        paragraph._p.style = self._style_ids["Table Text"]  # noqa: SLF001 - as in _paragraph
        if side:
            paragraph.alignment = _SIDES[side]
        self._fill(paragraph, line, bold=head)
        if head:
            styles.shade(cell._tc.get_or_add_tcPr(), styles.WASH)  # noqa: SLF001 - python-docx has no shading

    def _fill(self, paragraph: "WordParagraph", line: Line, *, bold: bool = False) -> None:
        """Write spans into a paragraph, in the direction of its first letter."""
        rtl = is_rtl(plain(line))
        if rtl:
            properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no direction
            properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        for span in line:
            run = paragraph.add_run(span.text)
            self._look(run, span, bold=bold or span.bold, rtl=rtl)
            if span.link is not None:
                self._link(paragraph, run, span.link)

    def _look(self, run: Run, span: Span, *, bold: bool, rtl: bool) -> None:
        font = run.font
        if bold:
            font.bold = font.cs_bold = True
        if span.italic:
            font.italic = font.cs_italic = True
        if span.strike:
            font.strike = True
        if span.link is not None:
            font.color.rgb = RGBColor.from_string(styles.BLUE)
            font.underline = True
        if span.code:
            font.name = styles.MONO
            styles.shade(run._r.get_or_add_rPr(), styles.WASH)  # noqa: SLF001 - python-docx has no shading
        if rtl and (is_rtl(span.text) or not any(letter.isalpha() for letter in span.text)):
            font.rtl = True

    def _link(self, paragraph: "WordParagraph", run: Run, address: str) -> None:
        """Wrap a run in a hyperlink."""
        relation = self._word.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link: Any = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        paragraph._p.remove(run._r)  # noqa: SLF001 - python-docx can read hyperlinks, not make them
        link.append(run._r)  # noqa: SLF001 - as above
        paragraph._p.append(link)  # noqa: SLF001 - as above


_AFTER_BIDI = tuple(
    f"w:{name}"
    for name in ("adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr")
)
_PLACE = f'<w:tblInd {nsdecls("w")} w:w="108" w:type="dxa"/>'  # as far in as the cells' own margin
_LINES = (
    f"<w:tblBorders {nsdecls('w')}>"
    f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{styles.HAIRLINE}"/>'
    f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{styles.HAIRLINE}"/>'
    "</w:tblBorders>"
)
