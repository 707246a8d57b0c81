//! Which pages may ask, and what every answer says about itself.

use base64::{Engine, engine::general_purpose::STANDARD};
use poem::http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

use crate::base::config::Config;

/// The strictest there is, for an answer that no other can be made for.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'");

/// The app lives under this from its first screen: itself only, nothing inline, and the films of dialogues from the hosts that are set.
pub fn app_policy(config: &Config) -> HeaderValue {
    let mut films: String = config.film_hosts.iter().map(|host| format!(" https://{host}")).collect();
    if config.film_allow_loopback {
        films.push_str(" http://localhost:* http://127.0.0.1:*");
    }
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:{films}; \
         connect-src 'self'{films}; manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(NOTHING)
}

/// The policy of the page to try the API on, which brings its own inline parts: those and no others, each by its hash.
pub fn docs_policy(page: &str) -> HeaderValue {
    let [scripts, styles] = inline_parts(page).map(|parts| {
        let hashes = parts.iter().map(|part| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(part))));
        hashes.collect::<Vec<_>>().join(" ")
    });
    let policy = format!(
        "default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' data:; connect-src 'self'; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(NOTHING)
}

/// What stands in the script and style elements of a page, in this order.
fn inline_parts(page: &str) -> [Vec<&str>; 2] {
    let mut parts = [Vec::new(), Vec::new()];
    let mut rest = page;
    while let Some((place, start)) = ["<script", "<style"]
        .iter()
        .enumerate()
        .filter_map(|(place, tag)| Some((place, rest.find(tag)?)))
        .min_by_key(|(_, start)| *start)
    {
        let end = ["</script>", "</style>"][place];
        let Some((part, after)) = rest[start..].split_once('>').and_then(|(_, inside)| inside.split_once(end)) else {
            break;
        };
        parts[place].push(part);
        rest = after;
    }
    parts
}

/// Two years, as browsers ask of those who mean it.
const ALWAYS_TLS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Said by every answer that does not say it itself.
pub fn secure(headers: &mut HeaderMap, config: &Config, app_policy: &HeaderValue) {
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| app_policy.clone());
    if config.base_url.scheme() == "https" {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ALWAYS_TLS);
    }
    let usual: [(HeaderName, &'static str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("permissions-policy"),
            // A youth may show where she is, when she is asked and says yes.
            "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), interest-cohort=()",
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
