use entities::words::DeviceId;
use poem::http::HeaderMap;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

use super::{
    capabilities, codes,
    model::*,
    passkeys, service,
    sessions::{self, SignedIn},
};
use crate::{
    base::refusal::Kind,
    deps::Deps,
    http::{
        Done,
        caller::{AnyCaller, Officer, Youth},
        headers::our_origin,
        problem::Answer,
    },
};

pub struct IdentityApi(pub Deps);

const COOKIE: &str = "natpatrull_refresh";
/// The refresh token opens this path and no other.
const COOKIE_PATH: &str = "/api/v1/identity/refresh";

#[derive(ApiResponse)]
enum Opened {
    /// Signed in; the cookie holds the refresh token.
    #[oai(status = 200)]
    Session(
        Json<Session>,
        /// `natpatrull_refresh`: HttpOnly, Secure, SameSite=Strict, for the refresh path only.
        #[oai(header = "Set-Cookie")]
        String,
    ),
}

#[derive(ApiResponse)]
enum SignedOut {
    /// This device is signed out.
    #[oai(status = 204)]
    Done(
        #[oai(header = "Set-Cookie")] String,
        /// What the browser may have put aside goes; what is still to be sent stays with the app.
        #[oai(header = "Clear-Site-Data")]
        String,
    ),
}

/// The browser's own copies. Not its storage, where words may lie that no one has received.
const CLEARED: &str = "\"cache\"";

fn opened(signed_in: SignedIn) -> Opened {
    let SignedIn { session, refresh_token, cookie_seconds } = signed_in;
    Opened::Session(Json(session), cookie(&refresh_token, cookie_seconds))
}

fn cookie(token: &str, seconds: i64) -> String {
    format!("{COOKIE}={token}; Max-Age={seconds}; Path={COOKIE_PATH}; HttpOnly; Secure; SameSite=Strict")
}

#[OpenApi(prefix_path = "/api/v1/identity", tag = "crate::app::Tag::Identity")]
impl IdentityApi {
    /// Register a device
    ///
    /// Audience: anyone. A youth's phone makes account, device, secret and code itself, and may send this as often as it
    /// likes: the same secret gives the same account and a fresh session.
    #[oai(path = "/devices", method = "post", operation_id = "register_device")]
    async fn register(&self, command: Json<RegisterDevice>) -> Answer<Opened> {
        Ok(opened(service::register(&self.0, command.0).await?))
    }

    /// Refresh the session
    ///
    /// Audience: anyone with the refresh cookie. Needs the header `X-Natpatrull: refresh`. The old cookie stays good until
    /// its successor is used.
    #[oai(path = "/refresh", method = "post", operation_id = "refresh_session")]
    async fn refresh(
        &self,
        headers: &HeaderMap,
        /// `refresh`: a foreign page cannot send it.
        #[oai(name = "X-Natpatrull")]
        own: Header<Option<String>>,
    ) -> Answer<Opened> {
        if own.0.as_deref() != Some("refresh") || !our_origin(headers, &self.0.config) {
            return Err(Kind::OriginRefused.into());
        }
        let token = headers
            .get_all("cookie")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
            .ok_or(Kind::TokenMissing)?;
        Ok(opened(sessions::refresh(&self.0, token).await?))
    }

    /// Sign out
    ///
    /// Audience: anyone signed in. Ends the session of this device.
    #[oai(path = "/sign-out", method = "post", operation_id = "sign_out")]
    async fn sign_out(&self, caller: AnyCaller) -> Answer<SignedOut> {
        service::sign_out(&self.0, &caller.0).await?;
        Ok(SignedOut::Done(cookie("", 0), CLEARED.to_owned()))
    }

    /// Get a puzzle
    ///
    /// Audience: anyone. To be solved before a code is tried, where its bits grow with the wrong codes of the last minutes; or
    /// to give as the proof that a talk in the queue is asked for.
    #[oai(path = "/puzzles", method = "post", operation_id = "get_puzzle")]
    async fn puzzle(
        &self,
        /// At least so many bits, 20 at most: what `proof_bits` of the wait says.
        #[oai(validator(maximum(value = "20")))]
        bits: Query<Option<u32>>,
    ) -> Answer<Json<Puzzle>> {
        Ok(Json(codes::give_puzzle(&self.0, bits.0.unwrap_or(0)).await?))
    }

    /// Open talks with a code
    ///
    /// Audience: anyone with the 16 digits. The account's other devices are told.
    #[oai(path = "/code/open", method = "post", operation_id = "open_with_code")]
    async fn open(&self, command: Json<OpenWithCode>) -> Answer<Opened> {
        Ok(opened(service::open_with_code(&self.0, command.0).await?))
    }

    /// Change the code
    ///
    /// Audience: youth. Ends the old code and all other devices. The same code again changes nothing.
    /// At most 5 times a day.
    #[oai(path = "/code", method = "put", operation_id = "change_code")]
    async fn change_code(&self, caller: Youth, command: Json<NewCode>) -> Answer<Json<CodeChanged>> {
        Ok(Json(service::change_code(&self.0, &caller.0, command.0).await?))
    }

    /// Keep a report capability
    ///
    /// Audience: youth. With it the phone delivers reports and their files when its session is dead, and nothing is read by
    /// it. One a device: another one takes its place, and the same again lasts longer. It ends after 180 days, with the
    /// device, and with a new code; signing out leaves it.
    #[oai(path = "/capability", method = "put", operation_id = "keep_capability")]
    async fn keep_capability(&self, caller: Youth, command: Json<NewCapability>) -> Answer<Json<CapabilityKept>> {
        Ok(Json(capabilities::keep(&self.0, &caller.0, command.0).await?))
    }

    /// Who am I
    ///
    /// Audience: anyone signed in.
    #[oai(path = "/me", method = "get", operation_id = "get_me")]
    async fn me(&self, caller: AnyCaller) -> Answer<Json<Me>> {
        Ok(Json(service::me(&self.0, &caller.0).await?))
    }

    /// End a device
    ///
    /// Audience: anyone signed in: a device of one's own.
    #[oai(path = "/devices/:device_id", method = "delete", operation_id = "end_device")]
    async fn end_device(&self, caller: AnyCaller, device_id: Path<DeviceId>) -> Answer<Done> {
        service::end_device(&self.0, &caller.0, device_id.0).await?;
        Ok(Done::Done)
    }

    /// Open an invite
    ///
    /// Audience: an officer to be, with the link's token. Begins making the passkey.
    #[oai(path = "/invites/open", method = "post", operation_id = "open_invite")]
    async fn open_invite(&self, command: Json<OpenInvite>) -> Answer<Json<Ceremony>> {
        Ok(Json(passkeys::open_invite(&self.0, &command.0.token).await?))
    }

    /// Accept an invite
    ///
    /// Audience: an officer to be. Stores the passkey and signs in; the link works once.
    #[oai(path = "/invites/accept", method = "post", operation_id = "accept_invite")]
    async fn accept_invite(&self, command: Json<AcceptInvite>) -> Answer<Opened> {
        Ok(opened(passkeys::accept_invite(&self.0, command.0).await?))
    }

    /// Begin to sign in with a passkey
    ///
    /// Audience: officer.
    #[oai(path = "/passkeys/challenge", method = "post", operation_id = "get_passkey_challenge")]
    async fn challenge(&self) -> Answer<Json<Ceremony>> {
        Ok(Json(passkeys::challenge(&self.0).await?))
    }

    /// Sign in with a passkey
    ///
    /// Audience: officer. For 16 hours at most.
    #[oai(path = "/passkeys/sign-in", method = "post", operation_id = "sign_in_with_passkey")]
    async fn sign_in(&self, command: Json<PasskeySignIn>) -> Answer<Opened> {
        Ok(opened(passkeys::sign_in(&self.0, command.0).await?))
    }

    /// Touch the passkey again
    ///
    /// Audience: officer. For what answers `touch-needed`: the new access token counts
    /// as touched for five minutes. The session stays the same.
    #[oai(path = "/passkeys/touch", method = "post", operation_id = "touch_passkey")]
    async fn touch(&self, caller: Officer, command: Json<PasskeyTouch>) -> Answer<Json<Session>> {
        Ok(Json(passkeys::touch(&self.0, &caller.0, command.0).await?))
    }

    /// Is this a demo
    ///
    /// Audience: anyone.
    #[oai(path = "/demo", method = "get", operation_id = "get_demo")]
    async fn demo(&self) -> Answer<Json<Demo>> {
        Ok(Json(service::demo(&self.0).await?))
    }

    /// Sign in as an officer of the demo
    ///
    /// Audience: anyone, in a demo only.
    #[oai(path = "/demo/sign-in", method = "post", operation_id = "sign_in_to_demo")]
    async fn demo_sign_in(&self, command: Json<DemoSignIn>) -> Answer<Opened> {
        Ok(opened(service::demo_sign_in(&self.0, command.0).await?))
    }
}
