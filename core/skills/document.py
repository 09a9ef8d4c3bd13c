"""What a SKILL.md says: the Agent Skills format, and what this product adds under `metadata`.

The format: `name` of 1 to 64 of `[a-z0-9-]`, equal to its folder; `description` of up to 1,024 characters; both
required. Source: https://agentskills.io/specification. A file with these two alone works.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.detection.document import OutputType, SkillText
from core.skills.frontmatter import Document, FrontmatterError, parse_frontmatter

MAX_SKILL_BYTES = 512 * 1024
DEFAULT_CONTEXT = ("profile", "brand/voice", "brand/messaging", "audience/primary-icp", "product/overview")
CATEGORIES = (
    "Copywriting and content",
    "Conversion",
    "Email",
    "SEO and technical",
    "Strategy",
    "Research",
    "Sales and growth",
    "Advertising",
)
_FEWEST_TURNS_WITH_TOOLS = 12
Tool = Literal["Read", "Write", "WebSearch", "WebFetch"]


def _listed(value: Any) -> Any:
    """Accept the format's own way of writing several things: one string, parted by commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class OutputTypeField(BaseModel):
    """How one kind of text is called by us (`label`) and by people (`words`)."""

    model_config = ConfigDict(extra="forbid")

    label: str
    words: Names = ()


class OutputField(BaseModel):
    """What a skill makes."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["md", "json"] = "md"
    label: str = ""
    types: dict[str, OutputTypeField] = Field(default_factory=dict)


class MetadataField(BaseModel):
    """What this product needs to know beyond the format. Unknown names are other people's, and are left alone."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    title: str = ""
    category: str = ""
    purpose: str = Field("", max_length=60)
    triggers: Names = ()
    examples: tuple[str, ...] = ()
    context: Names = DEFAULT_CONTEXT
    tools: Annotated[tuple[Tool, ...], BeforeValidator(_listed)] = ()
    output: OutputField = Field(default_factory=OutputField)
    model: str | None = None
    max_turns: int = Field(1, alias="max-turns", ge=1, le=60)
    timeout: float = Field(120, ge=10, le=900)

    @property
    def turns(self) -> int:
        """How many turns a run may take: with tools at least as many as reading a few pages needs."""
        return max(self.max_turns, _FEWEST_TURNS_WITH_TOOLS) if self.tools else self.max_turns


class SkillDocument(BaseModel):
    """A SKILL.md, read and checked."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
    description: str = Field(min_length=1, max_length=1024)
    metadata: MetadataField = Field(default_factory=MetadataField)
    body: str = Field(min_length=1)

    @property
    def title(self) -> str:
        """What people read: the title, or one made from the name."""
        return self.metadata.title or self.name.replace("-", " ").capitalize()

    @property
    def purpose(self) -> str:
        """One line for a button: the purpose, or the beginning of the description."""
        return self.metadata.purpose or self.description.split(". ")[0][:60].rstrip(" .,;:")

    @property
    def category(self) -> str:
        """One of ours, or the place for skills that name none."""
        return self.metadata.category if self.metadata.category in CATEGORIES else "Other"

    @property
    def output_label(self) -> str:
        """How the working message names what is being made."""
        return self.metadata.output.label or self.title[0].lower() + self.title[1:]

    @property
    def command(self) -> str:
        """The skill as a Telegram command, which allows no hyphen."""
        return self.name.replace("-", "_")

    def for_detection(self) -> SkillText:
        """The words that the detector ranks."""
        types = tuple(
            OutputType(id=type_id, label=field.label, words=field.words)
            for type_id, field in self.metadata.output.types.items()
        )
        return SkillText(
            name=self.name,
            title=self.title,
            category=self.metadata.category,
            description=self.description,
            triggers=self.metadata.triggers,
            examples=self.metadata.examples,
            body=self.body,
            output_types=types,
            output_label=self.output_label,
        )


class SkillFileError(Exception):
    """Why a SKILL.md can't be used, with its line."""

    def __init__(self, folder: str, line: int, message: str) -> None:
        super().__init__(f"{folder}/SKILL.md:{line}: {message}")
        self.folder = folder
        self.line = line
        self.message = message


def parse_skill(folder: str, raw: bytes) -> SkillDocument:
    """Read the SKILL.md of the folder named `folder`.

    Raises:
        SkillFileError: it is too large, not UTF-8, or not in the format; the message names the line.
    """
    if len(raw) > MAX_SKILL_BYTES:
        raise SkillFileError(folder, 1, f"is larger than {MAX_SKILL_BYTES // 1024} KB")
    try:
        document = parse_frontmatter(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SkillFileError(folder, line, "is not UTF-8 text") from error
    except FrontmatterError as error:
        raise SkillFileError(folder, error.line, error.message) from error
    try:
        skill = SkillDocument.model_validate({**document.data, "body": document.body.strip()})
    except ValidationError as error:
        raise _explain(folder, document, error) from error
    if skill.name != folder:
        line = document.line_of("name")
        raise SkillFileError(folder, line, f"name is {skill.name!r}, but the folder is {folder!r}")
    return skill


def _explain(folder: str, document: Document, error: ValidationError) -> SkillFileError:
    problem = error.errors(include_url=False)[0]
    path = tuple(str(part) for part in problem["loc"])
    what = "is missing" if problem["type"] == "missing" else problem["msg"]
    return SkillFileError(folder, document.line_of(*path), f"{'.'.join(path)}: {what}")
