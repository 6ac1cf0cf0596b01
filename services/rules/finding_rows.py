"""Findings as the rows beside a proforma."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guidelines.lines import GuidelineFinding
from guidelines.rules import Action
from models.enums import FindingAction
from services.rules.finding_fixes import stored_fix
from services.rules.guideline_exceptions import Permissions
from services.rules.past_references import sources_in

_MESSAGE_LENGTH = 1000
_OTHER_LINE = re.compile(r"\bline ([0-9]+)\b")


@dataclass(frozen=True)
class CheckedBill:
    """What was found on one bill of a carrier, and the permissions that findings quote."""

    carrier_id: int
    findings: Sequence[GuidelineFinding]
    permissions: Permissions

    @property
    def open_count(self) -> int:
        """How many findings ask for something; what the carrier allowed asks for nothing."""
        return sum(finding.action is not Action.ALLOWED for finding in self.findings)

    def rows(self, proforma_id: int, line_ids: Mapping[str, int]) -> Iterator[dict[str, Any]]:
        """Return the rows to store; `line_ids` by the number of the line, which is the key the rules knew it by."""
        for found in self.findings:
            yield {
                "proforma_id": proforma_id,
                "proforma_line_id": line_ids.get(found.line_key),
                "rule": found.rule,
                "rule_id": found.rule_id,
                "action": FindingAction(found.action.value),
                "message": found.sentence[:_MESSAGE_LENGTH],
                "fix": stored_fix(found.fix),
                "related": _related(found, line_ids),
                "exception_id": self.permissions.id_of(self.carrier_id, found.exception),
            }


def _related(found: GuidelineFinding, line_ids: Mapping[str, int]) -> list[str]:
    """Return what a finding speaks of besides its own line: 'line:3' on the bill, 'time:17' elsewhere."""
    numbers = dict.fromkeys(_OTHER_LINE.findall(found.sentence))
    here = [f"line:{number}" for number in numbers if number in line_ids and number != found.line_key]
    return [*here, *sources_in(found.sentence)]
