//! Which pages may ask, and what every answer says about itself.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::base::config::Config;

/// The app lives under this from its first screen: itself only, nothing inline.
pub const APP_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
     media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'";

/// The page to try the API on brings its own inline parts.
pub const DOCS_POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Said by every answer that does not say it itself.
pub fn secure(headers: &mut HeaderMap) {
    let usual: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, APP_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in usual {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Whether the page that asks is ours. A request without an Origin comes from no foreign page.
pub fn our_origin(headers: &HeaderMap, config: &Config) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    if origin == config.base_url.origin().ascii_serialization() {
        return true;
    }
    // On loopback the same program answers under three names.
    let Some(host) = origin.strip_prefix("http://") else { return false };
    config.listen.ip().is_loopback()
        && host
            .rsplit_once(':')
            .is_some_and(|(name, port)| loopback_name(name) && port.parse() == Ok(config.listen.port()))
}

pub fn loopback_name(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// What a proxy adds. A demo that is reached through one could be reached by anyone.
fn forwarding(name: &HeaderName) -> bool {
    let name = name.as_str();
    name.starts_with("x-forwarded")
        || name.starts_with("x-original")
        || ["forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"].contains(&name)
}

/// Whether a demo may answer this request: asked for by a loopback name, and by no proxy.
pub fn demo_may_answer(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(_) => host.split_inclusive(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    loopback_name(name) && !headers.keys().any(forwarding)
}
