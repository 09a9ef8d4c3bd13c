"""What a sample is to be about: the request, the skill, the client and what tools brought back."""

import re
from dataclasses import dataclass
from functools import cached_property

from local.claude.call import Call, texts
from local.claude.sample.dossier import Dossier

REQUEST = re.compile(r"<(request|user_request|message)>\s*(.*?)\s*</\1>", re.DOTALL)
PREVIOUS = re.compile(r"<(previous_version|previous|previous_output)\b[^>]*>\s*(.*?)\s*</\1>", re.DOTALL)
SKILL = re.compile(r"^# (?:Skill: )?(.+)$|^name: ([\w-]+)$", re.MULTILINE)
ASKING = re.compile(
    r"^(?:(?:please|can you|could you|i need|i want|we need|help me(?: to)?|let's|now)\s+)*"
    r"(?:(?:write|create|draft|make|give|prepare|plan|design|build|do|get|run|develop|generate|come up with|"
    r"research|analy[sz]e|audit|review|check|find)"
    r"(?: me| us)?\s+)?(?:(?:an?|the|some|our|my)\s+)?",
    re.IGNORECASE,
)
LINK = re.compile(r'"title":\s*"([^"]+)",\s*"url":\s*"([^"]+)"|\[([^\]]+)\]\((https?://[^)\s]+)\)')
RULE = re.compile(r"^[-*] (.+)$", re.MULTILINE)
LEARNED = re.compile(r"^## Learned from feedback\n+((?:[-*] .*\n?|  .*\n?|\n)+)", re.MULTILINE)
QUESTION = re.compile(r"(why|what|how|when|where|who|which|is|are|do|does|should)\b", re.IGNORECASE)
LONGEST_TITLE = 60  # characters


@dataclass(frozen=True)
class Brief:
    """A request, read for writing."""

    call: Call

    @cached_property
    def request(self) -> str:
        """What the person wrote."""
        fenced = REQUEST.findall(self.call.user)
        return str(fenced[-1][1]) if fenced else self.call.user

    @cached_property
    def previous(self) -> str:
        """The version that is to be changed; empty when the piece is new."""
        match = PREVIOUS.search(self.call.user) or PREVIOUS.search(self.call.system)
        return match[2] if match else ""

    @cached_property
    def skill(self) -> str:
        """The skill's title, or the first heading of the system prompt; empty without one."""
        match = SKILL.search(self.call.system)
        return (match[1] or match[2]).strip() if match else ""

    @cached_property
    def client(self) -> Dossier:
        """The facts about the client."""
        return Dossier(self.call.everything, self.request)

    @cached_property
    def wants_json(self) -> bool:
        """Whether the piece has to be JSON."""
        return bool(re.search(r"\bvalid JSON\b|JSON-LD", self.call.system)) or "schema markup" in self.skill.lower()

    @cached_property
    def subject(self) -> str:
        """What is asked for, as a noun phrase, without the client's name."""
        line = ASKING.sub("", self.request.strip().splitlines()[0] if self.request.strip() else "", count=1)
        line = re.split(r"(?<=\w)[.;:!?](?:\s|$)", line)[0]
        if self.client.name:
            name = re.escape(self.client.name)
            line = re.sub(rf"\s*\b(?:for|of|from|about)?\s*{name}(?:'s|’s)?\b", "", line, flags=re.IGNORECASE)
        line = re.sub(r"\s+please$", "", line.strip(" ,.-–"), flags=re.IGNORECASE)
        names_a_thing = 0 < len(line) <= LONGEST_TITLE and not QUESTION.match(line)
        return line if names_a_thing else self.skill or "Document"

    @cached_property
    def title(self) -> str:
        """The title of the piece."""
        subject, name = self.subject[:1].upper() + self.subject[1:], self.client.name
        if not name:
            return subject
        return f"{name}: {subject}" if " for " in subject else f"{subject} for {name}"

    @cached_property
    def learned(self) -> list[str]:
        """The rules that were learned from feedback, the skill's and the client's."""
        return [rule for found in LEARNED.finditer(self.call.system) for rule in RULE.findall(found[1])]

    @cached_property
    def sources(self) -> list[tuple[str, str]]:
        """Titles and addresses of what the tools found, three at most."""
        results = "\n".join(
            text for message in self.call.body["messages"] for text in texts(message["content"]) if "http" in text
        )
        brought = results if self.call.used_tools else ""
        found = [(match[1] or match[3], match[2] or match[4]) for match in LINK.finditer(brought)]
        return list(dict.fromkeys(found))[:3]
