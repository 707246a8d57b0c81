use entities::words::{CapabilityId, CeremonyId, Locale, PuzzleId, Role};
use poem_openapi::types::{Any, Example};
use serde_json::json;

use super::model::*;
use crate::http::story::*;

const CODE: &str = "4071882953106624";

impl Example for RegisterDevice {
    fn example() -> Self {
        Self { account_id: YOUTH, device_id: PHONE, secret: text(SECRET), code: text(CODE), locale: Locale::Sv }
    }
}

impl Example for OpenWithCode {
    fn example() -> Self {
        Self {
            code: text(CODE),
            device_id: PHONE,
            secret: text(SECRET),
            puzzle_id: PuzzleId(CEREMONY),
            answer: text("20481"),
        }
    }
}

impl Example for Proof {
    fn example() -> Self {
        Self { puzzle_id: Puzzle::example().puzzle_id, answer: text("48113") }
    }
}

impl Example for Puzzle {
    fn example() -> Self {
        Self {
            puzzle_id: PuzzleId(CEREMONY),
            salt: "ZQ3m1b7KpX0vY2nT8cHw4A".to_owned(),
            bits: 14,
            expires_at: after(300),
        }
    }
}

impl Example for NewCode {
    fn example() -> Self {
        Self { code: text("9150336748210087") }
    }
}

impl Example for CodeChanged {
    fn example() -> Self {
        Self { other_devices_ended: 1 }
    }
}

impl Example for NewCapability {
    fn example() -> Self {
        Self { capability_id: CapabilityId(CAPABILITY), secret: text(SECRET), public_key: text(POINT) }
    }
}

impl Example for CapabilityKept {
    fn example() -> Self {
        let parcel_key = ParcelKey { key_id: PARCEL_KEY, public_key: POINT.to_owned() };
        Self { capability_id: CapabilityId(CAPABILITY), ends_at: after(180 * 24 * 3600), parcel_key }
    }
}

impl Example for Session {
    fn example() -> Self {
        Self {
            access_token: "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl".to_owned(),
            expires_at: after(300),
            account_id: YOUTH,
            device_id: PHONE,
            role: Role::Youth,
            public_number: None,
            demo: false,
        }
    }
}

impl Example for Me {
    fn example() -> Self {
        Self {
            account_id: YOUTH,
            device_id: PHONE,
            role: Role::Youth,
            public_number: None,
            locale: Locale::Sv,
            demo: false,
            devices: vec![Device { device_id: PHONE, created_at: after(0), this: true }],
        }
    }
}

impl Example for OpenInvite {
    fn example() -> Self {
        Self { token: text(SECRET) }
    }
}

impl Example for Ceremony {
    fn example() -> Self {
        Self {
            ceremony_id: CeremonyId(CEREMONY),
            options: Any(json!({"publicKey": {
                "challenge": SECRET,
                "rp": {"id": "patrull.example.org", "name": "Nätpatrull"},
                "user": {"id": "019ab2b0", "name": OFFICER, "displayName": OFFICER},
                "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
            }})),
            role: Some(Role::Officer),
            public_number: Some(OFFICER.to_owned()),
        }
    }
}

impl Example for AcceptInvite {
    fn example() -> Self {
        Self {
            token: text(SECRET),
            ceremony_id: CeremonyId(CEREMONY),
            device_id: PHONE,
            credential: Any(json!({
                "id": "mKq3Vn0w", "rawId": "mKq3Vn0w", "type": "public-key", "extensions": {},
                "response": {"attestationObject": "o2NmbXRkbm9uZQ", "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0"},
            })),
        }
    }
}

/// What a passkey signs a challenge with.
fn signed() -> Any<serde_json::Value> {
    Any(json!({
        "id": "mKq3Vn0w", "rawId": "mKq3Vn0w", "type": "public-key", "extensions": {},
        "response": {
            "authenticatorData": "SZYN5YgOjGh0NBcP", "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
            "signature": "MEUCIQDx0h4kq2", "userHandle": "AZqysA",
        },
    }))
}

impl Example for PasskeySignIn {
    fn example() -> Self {
        Self { ceremony_id: CeremonyId(CEREMONY), device_id: PHONE, credential: signed() }
    }
}

impl Example for PasskeyTouch {
    fn example() -> Self {
        Self { ceremony_id: CeremonyId(CEREMONY), credential: signed() }
    }
}

impl Example for DemoSignIn {
    fn example() -> Self {
        Self { public_number: text(OFFICER), device_id: PHONE }
    }
}

impl Example for Demo {
    fn example() -> Self {
        Self { demo: true, officers: vec![DemoOfficer { public_number: OFFICER.to_owned(), role: Role::Officer }] }
    }
}
