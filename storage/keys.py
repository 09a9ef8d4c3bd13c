"""Every key of the object store is spelled here and nowhere else.

What is somebody's lies under its owner's id, so that it can be deleted whole, and two users with a client of
one name never meet.
"""

from uuid import UUID


def skill_prefix(skill: str) -> str:
    """Where the files of a skill lie."""
    return f"skills/{skill}/"


def skill_file(skill: str, path: str) -> str:
    """One file of a skill, such as `SKILL.md`, at one version of its content."""
    return f"{skill_prefix(skill)}{path}"


HOUSE_RULES = "skills/RULES.md"
HOUSE_CHANGELOG = "skills/CHANGELOG.md"
HOUSE_RULES_PREFIX = "rules/global/"


def skill_changelog(skill: str) -> str:
    """What became of a skill's rules, and why."""
    return skill_file(skill, "CHANGELOG.md")


def skill_rules_prefix(skill: str) -> str:
    """Where the versions of a skill's rules lie."""
    return f"rules/skill/{skill}/"


def client_rules_prefix(user_id: UUID, slug: str) -> str:
    """Where the versions of a client's rules lie, and what became of them."""
    return f"rules/client/{user_id}/{slug}/"


def client_changelog(user_id: UUID, slug: str) -> str:
    """What became of a client's rules, and why."""
    return f"{client_rules_prefix(user_id, slug)}CHANGELOG.md"


def rules(prefix: str, version: int) -> str:
    """One version of the rules that lie under `prefix`; never written twice."""
    return f"{prefix}{version}.md"


def workflow(name: str) -> str:
    """The file of a workflow."""
    return f"workflows/{name}.md"


def client_prefix(user_id: UUID, slug: str) -> str:
    """Where the profile of a client lies."""
    return f"clients/{user_id}/{slug}/"


def client_file(user_id: UUID, slug: str, path: str) -> str:
    """One profile file, such as `brand/voice.md`."""
    return f"{client_prefix(user_id, slug)}{path}"


def example_client_prefix(slug: str) -> str:
    """Where the library's example clients lie, from which new accounts get their copy."""
    return f"clients/examples/{slug}/"


def output(skill: str, user_id: UUID, stem: str, *, counter: int, version: int, extension: str) -> str:
    """A text that a run made; `counter` tells apart two of one stem, `version` the revisions of one text."""
    count = f"-{counter}" if counter > 1 else ""
    revision = f"-v{version}" if version > 1 else ""
    return f"outputs/{skill}/{user_id}/{stem}{count}{revision}.{extension}"


def export(user_id: UUID, output_id: UUID, extension: str) -> str:
    """An output in another format, made when somebody first asks for it."""
    return f"exports/{user_id}/{output_id}.{extension}"


def bundle(user_id: UUID, workflow_run_id: UUID) -> str:
    """All that a workflow has made, in one document."""
    return f"exports/{user_id}/workflow-{workflow_run_id}.md"


def upload_prefix(user_id: UUID) -> str:
    """Where the text of what somebody sent lies."""
    return f"uploads/{user_id}/"


def upload(user_id: UUID, digest: str, stem: str) -> str:
    """The text of a file that somebody sent; `digest` is its content's hash."""
    return f"{upload_prefix(user_id)}{digest}/{stem}.md"


def feedback(skill: str, user_id: UUID, date: str, descriptor: str) -> str:
    """A judgement of one output, as a file."""
    return f"feedback/{skill}/{user_id}/{date}_{descriptor}.md"


SHELVES = ("outputs/", "feedback/")
"""Where each skill has a folder, and in it each user one."""


def user_prefixes(user_id: UUID) -> tuple[str, ...]:
    """Where all lies that is a user's, beside their folders on the shelves of each skill."""
    return tuple(f"{place}/{user_id}/" for place in ("clients", "exports", "uploads", "rules/client"))
