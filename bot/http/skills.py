"""Skills, and detection."""

from bot.http.call import Call
from bot.http.routing import Routes
from bot.http.schemas.common import Reference
from bot.http.schemas.skills import (
    Candidate,
    Detected,
    DetectRequest,
    Extracted,
    OutputTypeView,
    SkillDetail,
    SkillList,
    SkillQuery,
    SkillSummary,
)
from core.errors import ClientUnknownError
from core.runs.asking import detect, find_client, find_skill
from core.skills.catalogue import LoadedSkill

routes = Routes("Skills")


@routes.add("GET", "/skills", "read")
async def list_skills(call: Call, query: SkillQuery) -> SkillList:
    """List the skills that can be run, all or by category and text."""
    shelves = call.runtime.catalogue.by_category()
    return SkillList(
        data=[
            SkillSummary(**_summary(skill))
            for category, shelf in shelves.items()
            for skill in shelf
            if query.category in {None, category} and _says(skill, query.text)
        ]
    )


@routes.add("GET", "/skills/{name:(?!detect$)[^/]+}", "read")
async def get_skill(call: Call, name: Reference) -> SkillDetail:
    """Get a skill by its name or id, with examples of what it answers."""
    skill = find_skill(call.runtime, name)
    metadata = skill.document.metadata
    return SkillDetail(
        **_summary(skill),
        description=skill.document.description,
        examples=list(metadata.examples),
        context_files=list(metadata.context),
        output_types=[OutputTypeView(id=key, label=kind.label) for key, kind in metadata.output.types.items()],
        output_format=metadata.output.format,
        tools=list(metadata.tools),
        version=skill.version,
        is_complex=bool(skill.files),
    )


@routes.add("POST", "/skills/detect", "read", limits=["detect"], errors=[ClientUnknownError])
async def detect_skill(call: Call, body: DetectRequest) -> Detected:
    """Find out which skill a message asks for, and for which client. Nothing is run."""
    client = await find_client(call.runtime, call.user_id, body.client_id) if body.client_id else None
    seen = await detect(call.runtime, call.user_id, body.message)
    named = seen.client_ids[0] if len(seen.client_ids) == 1 else None
    return Detected(
        skill=seen.skill,
        confidence=min(max(seen.confidence, 0.0), 1.0),
        method=seen.method,
        extracted=Extracted(
            client_id=client.id if client else named,
            output_type=seen.output_type.id if seen.output_type else None,
        ),
        alternatives=[Candidate(skill=it.skill, confidence=it.probability) for it in seen.alternatives],
    )


def _summary(skill: LoadedSkill) -> dict[str, object]:
    document = skill.document
    return {
        "id": skill.id,
        "name": skill.name,
        "title": document.title,
        "category": document.category,
        "purpose": document.purpose,
    }


def _says(skill: LoadedSkill, text: str | None) -> bool:
    document = skill.document
    return text is None or text.lower() in f"{skill.name} {document.title} {document.description}".lower()
