"""pywebpush on one core, with one pooled session: push_py.py PORT SECS"""
import base64, json, os, sys, time

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import webpush

port, secs = int(sys.argv[1]), float(sys.argv[2])


def text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def phone(nth):
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return {"endpoint": f"http://127.0.0.1:{port}/push/{nth}", "keys": {"p256dh": text(point), "auth": text(os.urandom(16))}}


phones = [phone(nth) for nth in range(200)]
payload = json.dumps({"title": "Safety tip", "body": "x" * 200})
vapid = Vapid02()
vapid.generate_keys()
session = requests.Session()
sent, since = 0, time.perf_counter()
while time.perf_counter() - since < secs:
    claims = {"sub": "mailto:drift@example.org"}
    webpush(phones[sent % 200], payload, vapid_private_key=vapid, vapid_claims=claims, ttl=60, requests_session=session)
    sent += 1
print(json.dumps({"rps": round(sent / (time.perf_counter() - since))}))
