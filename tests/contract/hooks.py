"""Who schemathesis is, and what it looks at in the sync door. ROLE is youth or officer, BASE the address of the server."""

import base64
import os
import uuid

import requests
import schemathesis

BASE = os.environ["BASE"]
ROLE = os.environ["ROLE"]


@schemathesis.auth(refresh_interval=120)
class Session:
    def get(self, case, context):
        # A new device each time: the run finds out how to end the one it has, which is right, and would stand outside from then on.
        device = str(uuid.uuid4())
        if ROLE == "youth":
            youth = {
                "account_id": str(uuid.uuid4()),
                "device_id": device,
                "secret": base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode(),
                "code": "".join(str(byte % 10) for byte in os.urandom(16)),
                "locale": "sv",
            }
            answer = requests.post(f"{BASE}/api/v1/identity/devices", json=youth, timeout=20)
        else:
            number = requests.get(f"{BASE}/api/v1/identity/demo", timeout=20).json()["officers"][0]["public_number"]
            answer = requests.post(f"{BASE}/api/v1/identity/demo/sign-in", json={"public_number": number, "device_id": device}, timeout=20)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.check
def every_result_says_why(context, response, case):
    """A push answers 200 whenever its envelope could be read: then each result has an outcome, and each refusal its problem."""
    if not case.operation.path.endswith("/sync/push") or response.status_code != 200:
        return
    for result in response.json()["results"]:
        assert result["outcome"] in ("applied", "duplicate", "refused", "retry", "blocked"), result
        if result["outcome"] == "refused":
            assert result["problem"]["kind"] not in ("internal", "unavailable"), result
