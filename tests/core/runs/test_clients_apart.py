"""No prompt for one client holds a word of another's files, whoever owns them and whatever the skill."""

import pytest
import uuid_utils.compat as uuid

from core.clients.files import write_file
from core.clients.profile import PROFILE_PATHS
from core.runs.preparation import Material, gather_material, prepare
from core.runtime import Runtime
from storage import keys
from storage.clients import ClientRepository
from storage.models import Client, Run


async def client_with_canaries(runtime: Runtime, owner: str, slug: str, canary: str) -> Client:
    """A client of this owner, each of whose files holds the canary."""
    async with runtime.system_unit() as unit:
        user = await unit.accounts.user_by_email(f"{owner}@example.com") or await unit.accounts.create_user(
            owner, email=f"{owner}@example.com"
        )
        client = Client(user_id=user.id, name=slug, slug=slug, s3_prefix=keys.client_prefix(user.id, slug))
        await ClientRepository(unit.session).add(client)
    for path in (*PROFILE_PATHS, "research/interviews.md"):
        await write_file(runtime, client, path, f"# {path}\n\n{canary} says {path}".encode())
    return client


@pytest.fixture
async def clients(runtime: Runtime) -> dict[str, Client]:
    maya, sam = (f"{name}-{uuid.uuid7().hex}" for name in ("maya", "sam"))
    return {
        "mine": await client_with_canaries(runtime, maya, "brand", "canary-mine"),
        "sister": await client_with_canaries(runtime, maya, "sister", "canary-sister"),
        "namesake": await client_with_canaries(runtime, sam, "brand", "canary-namesake"),
    }


async def test_every_skill_reads_its_own_client_only(runtime: Runtime, clients: dict[str, Client]) -> None:
    for own in ("mine", "namesake"):
        client = clients[own]
        for skill in runtime.catalogue.all():
            run = Run(
                id=uuid.uuid7(), user_id=client.user_id, requested_by="x", origin_key="x", skill_id=skill.id,
                client_id=client.id, source="api", user_message="Write it", output_type="x", output_label="x",
            )  # fmt: skip
            material = await gather_material(runtime, run)
            assert material.client is not None
            prepared = await prepare(runtime, material)
            prompt = "\n".join(block.text for block in prepared.task.prompt.system) + prepared.task.prompt.user
            assert f"canary-{own} says profile.md" in prompt, skill.name
            for other in clients.keys() - {own}:
                assert f"canary-{other}" not in prompt, skill.name
            assert all(key.startswith(client.s3_prefix) for key in prepared.provenance["client"]["files"])


async def test_a_run_never_finds_a_client_of_somebody_else(runtime: Runtime, clients: dict[str, Client]) -> None:
    skill = runtime.catalogue.get("copywriting")
    run = Run(
        id=uuid.uuid7(), user_id=clients["mine"].user_id, requested_by="x", origin_key="x", skill_id=skill.id,
        client_id=clients["namesake"].id, source="api", user_message="Write it", output_type="x", output_label="x",
    )  # fmt: skip
    material = await gather_material(runtime, run)
    assert material == Material(run, skill, None, None)
