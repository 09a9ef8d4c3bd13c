"""Files as people have them, and files as nobody should."""

import io
import zipfile
import zlib

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter

from core.exports.export import export

BRIEF = """# Brief

The pilot starts on **May 4** in Köln.

- One clinic
- Two desks

| Desk | Hours |
|---|---|
| A | 22 |
"""


def pdf(text: str = BRIEF) -> bytes:
    return export(text, title="Brief", format="pdf")


def locked_pdf(user_password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(user_password, "the owner's", algorithm="AES-256")
    return _written(writer)


def blank_pdf(pages: int) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    return _written(writer)


def pdf_bomb(size: int) -> bytes:
    """One page whose content unpacks to `size` bytes of drawing."""
    content = zlib.compress(b"0 0 m " * (size // 6), 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    file = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(file)
    return file + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer


def word(text: str = BRIEF) -> bytes:
    return export(text, title="Brief", format="docx")


def revised_word() -> bytes:
    """A Word file with an insertion and a deletion that nobody has accepted yet, and a content control."""
    document = docx.Document()
    paragraph = document.add_paragraph("It costs ")
    for change in (
        "<w:del {0}><w:r><w:delText>90</w:delText></w:r></w:del>",
        "<w:ins {0}><w:r><w:t>80</w:t></w:r></w:ins>",
    ):
        paragraph._p.append(parse_xml(change.format(nsdecls("w"))))
    control = "<w:sdt {0}><w:sdtContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control.format(nsdecls("w"))))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def word_with_part(part: bytes, name: str = "word/document.xml") -> bytes:
    """A Word file one of whose parts is this."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for item in good.namelist():
            made.writestr(item, part if item == name else good.read(item))
    return file.getvalue()


def laughs() -> bytes:
    """A document.xml that would unpack to gigabytes of laughter, and one that asks for a file of ours."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = "<w:t>&l9;</w:t><w:t>&file;</w:t>"
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{levels}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        f"<w:document {nsdecls('w')}><w:body><w:p><w:r>{text}</w:r></w:p></w:body></w:document>"
    ).encode()


def spreadsheet() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def _written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
