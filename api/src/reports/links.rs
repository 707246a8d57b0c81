//! Links and user names as youths write them: which platform, which name, and in which form each is asked for.

use url::Url;

use super::model::ReportLink;

/// A platform: how people call it, its hosts, and behind which parts of a path a name stands.
struct Platform {
    name: &'static str,
    called: &'static [&'static str],
    hosts: &'static [&'static str],
    before_name: &'static [&'static str],
}

const fn platform(
    name: &'static str,
    called: &'static [&'static str],
    hosts: &'static [&'static str],
    before_name: &'static [&'static str],
) -> Platform {
    Platform { name, called, hosts, before_name }
}

/// An empty part: the name is the first part of the path.
const PLATFORMS: &[Platform] = &[
    platform("discord", &["discord"], &["discord.com", "discord.gg", "discordapp.com"], &[]),
    platform("facebook", &["facebook", "fb", "messenger"], &["facebook.com", "fb.com", "m.me"], &[""]),
    platform("instagram", &["instagram", "insta", "ig"], &["instagram.com", "instagr.am"], &[""]),
    platform("kik", &["kik"], &["kik.me"], &[""]),
    platform("minecraft", &["minecraft"], &["minecraft.net", "namemc.com"], &["profile"]),
    platform("onlyfans", &["onlyfans"], &["onlyfans.com"], &[""]),
    platform("reddit", &["reddit"], &["reddit.com"], &["user", "u"]),
    platform("roblox", &["roblox"], &["roblox.com"], &["users"]),
    platform("signal", &["signal"], &["signal.me"], &[]),
    platform("snapchat", &["snapchat", "snap", "sc"], &["snapchat.com"], &["add"]),
    platform("steam", &["steam"], &["steamcommunity.com"], &["id", "profiles"]),
    platform("telegram", &["telegram", "tg"], &["t.me", "telegram.me", "telegram.org"], &[""]),
    platform("tiktok", &["tiktok", "tik tok"], &["tiktok.com"], &[""]),
    platform("twitch", &["twitch"], &["twitch.tv"], &[""]),
    platform("whatsapp", &["whatsapp"], &["wa.me", "whatsapp.com"], &[""]),
    platform("x", &["x", "twitter"], &["x.com", "twitter.com"], &[""]),
    platform("youtube", &["youtube", "yt"], &["youtube.com", "youtu.be"], &["c", "user"]),
];

/// Parts of a path that are no names, on platforms where a name may stand first.
const NO_NAMES: &[&str] = &[
    "p", "reel", "reels", "stories", "explore", "video", "videos", "watch", "groups", "share", "s", "i", "status",
    "hashtag", "music", "tag",
];

/// What a link or a name says.
pub fn understood(said: &str) -> ReportLink {
    let said = said.trim();
    let plain = |platform: Option<&Platform>, user_name: Option<String>, url| ReportLink {
        said: said.to_owned(),
        platform: platform.map(|platform| platform.name.to_owned()),
        user_name,
        url,
    };
    if let Some(url) = address(said) {
        let host = url.host_str().unwrap_or_default().trim_start_matches("www.").trim_start_matches("m.").to_owned();
        let under = |of: &str| host == of || host.strip_suffix(of).is_some_and(|before| before.ends_with('.'));
        let found = PLATFORMS.iter().find(|platform| platform.hosts.iter().any(|of| under(of)));
        let name = found.and_then(|platform| name_in(platform, &url));
        return plain(found, name, Some(bare(url, found)));
    }
    let (called, rest) = said.split_once(':').unwrap_or(("", said));
    let called = called.trim().to_lowercase();
    let found = PLATFORMS.iter().find(|platform| platform.called.contains(&&*called));
    if found.is_some() {
        // Behind the platform's name may stand a whole address.
        let link = understood(rest);
        return plain(found, link.user_name, link.url);
    }
    // More than one word is no name.
    let name = Some(said).filter(|said| !said.contains(char::is_whitespace)).and_then(name);
    plain(None, name, None)
}

/// An address of the web, also one that lacks what stands before the host.
fn address(said: &str) -> Option<Url> {
    if said.contains(char::is_whitespace) {
        return None;
    }
    let web = |url: Url| matches!(url.scheme(), "http" | "https").then_some(url);
    if said.contains("://") {
        return Url::parse(said).ok().and_then(web).filter(|url| url.host_str().is_some());
    }
    let host = said.split(['/', '?', '#']).next()?;
    let last = host.rsplit('.').next()?;
    let looks = host.contains('.')
        && !host.starts_with('@')
        && last.len() >= 2
        && last.chars().all(|sign| sign.is_ascii_alphabetic());
    let known = || PLATFORMS.iter().any(|platform| platform.hosts.iter().any(|of| host.to_lowercase().ends_with(of)));
    // A name may have a dot too: without a path only what begins as addresses do, or is known, is one.
    let named = said.contains('/') || host.to_lowercase().starts_with("www.") || known();
    (looks && named).then(|| Url::parse(&format!("https://{said}")).ok())?.and_then(web)
}

fn name_in(platform: &Platform, url: &Url) -> Option<String> {
    let mut parts = url.path_segments()?.filter(|part| !part.is_empty());
    let first = parts.next()?;
    if let Some(name) = first.strip_prefix('@') {
        return self::name(name);
    }
    let lower = first.to_lowercase();
    if platform.before_name.contains(&&*lower) && !lower.is_empty() {
        return name(parts.next()?);
    }
    if platform.before_name.contains(&"") && !NO_NAMES.contains(&&*lower) { name(first) } else { None }
}

/// A user name in the one form in which it is asked for.
fn name(said: &str) -> Option<String> {
    let trimmed = said.trim().trim_start_matches('@').trim_end_matches(['.', ',', ';', '!', '?', ')']);
    let fits = (2..=100).contains(&trimmed.chars().count());
    fits.then(|| trimmed.to_lowercase())
}

/// Without name and password, place in the page and what platforms add to follow people around.
fn bare(mut url: Url, platform: Option<&Platform>) -> String {
    let film = url.query_pairs().find(|(key, _)| key == "v").map(|(_, value)| value.into_owned());
    let keeps = platform.is_some_and(|platform| platform.name == "youtube");
    match film.filter(|_| keeps) {
        Some(film) => drop(url.query_pairs_mut().clear().append_pair("v", &film)),
        None if platform.is_some() => url.set_query(None),
        None => {}
    }
    url.set_fragment(None);
    // They can only fail where there is no host.
    let (_, _) = (url.set_username(""), url.set_password(None));
    url.to_string().trim_end_matches('/').to_owned()
}

/// What a link is found by, each in the one form: the address, the name alone, and the name on its platform.
pub fn clues(link: &ReportLink) -> Vec<String> {
    let address = link.url.as_deref().map(|url| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest).to_lowercase();
        format!("address {}", rest.trim_start_matches("www.").trim_start_matches("m."))
    });
    let name = link.user_name.as_deref().map(|name| format!("name {name}"));
    address.into_iter().chain(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_youths_write_is_understood() {
        let table = [
            (
                "https://www.instagram.com/Elak_Person/?igsh=abc",
                Some("instagram"),
                Some("elak_person"),
                Some("https://www.instagram.com/Elak_Person"),
            ),
            ("instagram.com/p/Cxyz123/", Some("instagram"), None, Some("https://instagram.com/p/Cxyz123")),
            ("tiktok.com/@Elak.Person", Some("tiktok"), Some("elak.person"), Some("https://tiktok.com/@Elak.Person")),
            ("snapchat: Elak99", Some("snapchat"), Some("elak99"), None),
            (
                "Snap: https://snapchat.com/add/elak99",
                Some("snapchat"),
                Some("elak99"),
                Some("https://snapchat.com/add/elak99"),
            ),
            ("https://youtu.be/watch?v=abc123&si=xyz", Some("youtube"), None, Some("https://youtu.be/watch?v=abc123")),
            (
                "https://www.youtube.com/@kanalen",
                Some("youtube"),
                Some("kanalen"),
                Some("https://www.youtube.com/@kanalen"),
            ),
            ("discord.gg/abcdef", Some("discord"), None, Some("https://discord.gg/abcdef")),
            ("@Elak99", None, Some("elak99"), None),
            ("elak.person", None, Some("elak.person"), None),
            ("en kille som heter Elak", None, None, None),
            ("https://example.org/sida?id=7#del", None, None, Some("https://example.org/sida?id=7")),
            ("javascript:alert(1)", None, Some("javascript:alert(1"), None),
            ("https://instagram.com.example.org/elak", None, None, Some("https://instagram.com.example.org/elak")),
            ("notinstagram.com/elak", None, None, Some("https://notinstagram.com/elak")),
            ("https://user:secret@twitch.tv/elak", Some("twitch"), Some("elak"), Some("https://twitch.tv/elak")),
            ("x", None, None, None),
        ];
        for (said, platform, user_name, url) in table {
            let link = understood(said);
            let found = (link.platform.as_deref(), link.user_name.as_deref(), link.url.as_deref());
            assert_eq!(found, (platform, user_name, url), "{said}");
        }
    }

    #[test]
    fn the_same_account_is_found_however_it_was_written() {
        let written =
            ["https://www.instagram.com/Elak_Person/", "Instagram: @elak_person", "ELAK_PERSON", "insta: elak_person"];
        for said in written {
            let clues = clues(&understood(said));
            assert!(clues.contains(&"name elak_person".to_owned()), "{said}: {clues:?}");
        }
        let same = ["https://m.facebook.com/elak?ref=x", "facebook.com/Elak/"];
        let addresses: Vec<_> = same.map(|said| clues(&understood(said)).remove(0)).into();
        assert_eq!(addresses[0], addresses[1]);
    }
}
