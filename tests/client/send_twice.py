"""As a third party would: the generated client, one report, sent twice."""

import base64
import os
import uuid

from natpatrull_client import AuthenticatedClient, Client
from natpatrull_client.api.identity import register_device
from natpatrull_client.api.reports import list_reports, submit_report
from natpatrull_client.models import Certainty, EventKind, Happened, Locale, RegisterDevice, SubmitReport

base = os.environ["BASE"]
session = register_device.sync(
    client=Client(base_url=base),
    body=RegisterDevice(
        account_id=uuid.uuid4(),
        device_id=uuid.uuid4(),
        secret=base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode(),
        code="".join(str(byte % 10) for byte in os.urandom(16)),
        locale=Locale.SV,
    ),
)
client = AuthenticatedClient(base_url=base, token=session.access_token)
report = SubmitReport(
    report_id=uuid.uuid4(),
    event_kind=EventKind.THREAT,
    what="Sent by a program, twice.",
    happened=Happened(certainty=Certainty.UNKNOWN),
    files=[],
)
key = str(uuid.uuid4())
first, second = (submit_report.sync_detailed(client=client, body=report, idempotency_key=key) for _ in range(2))
assert (first.status_code, second.status_code) == (200, 200), (first, second)
assert first.parsed.outcome == "applied" and second.parsed.outcome == "duplicate", (first.parsed, second.parsed)
assert first.parsed.entity == second.parsed.entity and first.parsed.at == second.parsed.at, "the second answer is another one"
reports = list_reports.sync(client=client).items
assert len(reports) == 1, f"{len(reports)} reports instead of one"
print("one report, the same answer twice")
