//! Configuration: `natpatrull.toml`, then `NATPATRULL_…` from the environment over it. A bad value stops the start with
//! its name.

use std::{net::SocketAddr, path::PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::telemetry;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the app and the API are served.
    pub listen: SocketAddr,
    /// Where `/metrics` is served; loopback only.
    pub metrics_listen: Option<SocketAddr>,
    /// The address that browsers use. Passkeys are bound to its host name; an IP address is none.
    pub base_url: Url,
    /// `sqlite://…` or `postgres://…`; nothing means a SQLite file in `data_dir`.
    pub database_url: Option<String>,
    pub data_dir: PathBuf,
    /// The built app.
    pub pwa_dir: PathBuf,
    /// 32 bytes in base64, in a rotation the old one after a comma; nothing means the file `master.key` in `data_dir`.
    pub master_key: Option<String>,
    /// Where a `clamd` answers: a socket's path, or host:port. Nothing: no file is checked for viruses.
    pub clamd: Option<String>,
    pub operator_name: String,
    /// Told to push services, so that they can reach whoever runs this (`mailto:` or `https:`).
    pub operator_contact: String,
    /// Lets push go to loopback addresses, for tests; refused on a public listener.
    pub push_allow_loopback: bool,
    /// Hosts whose films a dialogue may show.
    pub film_hosts: Vec<String>,
    /// Lets films come over http from loopback addresses, for tests; refused on a public listener.
    pub film_allow_loopback: bool,
    /// How many actions one account may send in a minute; 25 times as many in a day.
    pub actions_a_minute: u32,
    /// How many actions may share one transaction. With 1 each has its own: what grouping is measured against.
    pub actions_a_group: usize,
    pub log: String,
    /// Set by `serve --demo` and `seed` alone.
    #[serde(skip)]
    pub demo: bool,
}

impl Default for Config {
    #[expect(clippy::unwrap_used, reason = "constants")]
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            metrics_listen: None,
            base_url: Url::parse("http://localhost:8080").unwrap(),
            database_url: None,
            data_dir: "data".into(),
            pwa_dir: "pwa/dist".into(),
            master_key: None,
            clamd: None,
            operator_name: "Nattljus kommunförbund (demo)".into(),
            operator_contact: "mailto:drift@example.org".into(),
            push_allow_loopback: false,
            film_hosts: Vec::new(),
            film_allow_loopback: false,
            actions_a_minute: 120,
            actions_a_group: 1000,
            log: "info,sqlx=warn,sea_orm_migration=warn".into(),
            demo: false,
        }
    }
}

impl Config {
    pub fn load() -> Result<Self, String> {
        let given = Figment::new().merge(Toml::file("natpatrull.toml")).merge(Env::prefixed("NATPATRULL_"));
        let mut config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(&given)
            .extract()
            .map_err(|error| format!("configuration: {error}"))?;
        // On another port of this machine, the address that browsers use moves along unless it was said.
        if config.listen.ip().is_loopback() && given.find_value("base_url").is_err() {
            let moved = config.base_url.set_port(Some(config.listen.port()));
            moved.map_err(|()| "configuration: base_url takes no port".to_owned())?;
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        if self.push_allow_loopback && !self.listen.ip().is_loopback() {
            return Err("configuration: push_allow_loopback is a test setting and needs a loopback listen".into());
        }
        if self.film_allow_loopback && !self.listen.ip().is_loopback() {
            return Err("configuration: film_allow_loopback is a test setting and needs a loopback listen".into());
        }
        let is_host = |host: &String| {
            let url = Url::parse(&format!("https://{host}/")).ok();
            url.is_some_and(|url| url.domain() == Some(host.as_str()) && url.path() == "/")
        };
        if !self.film_hosts.iter().all(is_host) {
            return Err("configuration: film_hosts needs host names in small letters, without port or path".into());
        }
        if let Some(metrics) = self.metrics_listen
            && !metrics.ip().is_loopback()
        {
            return Err("configuration: metrics_listen must be a loopback address".into());
        }
        if self.actions_a_group == 0 {
            return Err("configuration: actions_a_group must be at least 1".into());
        }
        if !matches!(self.base_url.scheme(), "http" | "https") || self.base_url.domain().is_none() {
            return Err("configuration: base_url needs http or https and a host name; an IP address is none".into());
        }
        if !["mailto:", "https:"].iter().any(|scheme| self.operator_contact.starts_with(scheme)) {
            return Err("configuration: operator_contact needs to begin with mailto: or https:".into());
        }
        if let Some(address) = &self.clamd
            && !address.starts_with('/')
            && address.rsplit_once(':').is_none_or(|(host, port)| host.is_empty() || port.parse::<u16>().is_err())
        {
            return Err("configuration: clamd needs a socket's path from / on, or host:port".into());
        }
        telemetry::filter(&self.log).map(drop)
    }

    /// Where the database lies, if it is a SQLite file.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let url = self.database_url();
        let path = url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(path.split('?').next().unwrap_or_default().into())
    }

    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data_dir.join("natpatrull.sqlite").display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample with each setting's line uncommented; `with` decides by the key.
    fn sample(with: impl Fn(&str) -> bool) -> String {
        let lines = include_str!("../../../natpatrull.sample.toml").lines().filter_map(|line| {
            let line = line.strip_prefix("# ")?;
            let (key, _) = line.split_once(" = ")?;
            (key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') && with(key)).then_some(line)
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_sample_names_every_setting_with_its_default() -> Result<(), Box<dyn std::error::Error>> {
        // Nothing is their default, so the sample shows how one would look.
        let examples = ["database_url", "master_key", "metrics_listen", "clamd"];
        let read = |text: String| Figment::from(Toml::string(&text)).extract::<Config>();
        let whole = serde_json::to_value(read(sample(|_| true))?)?;
        for key in examples {
            assert!(whole[key].is_string(), "natpatrull.sample.toml does not show {key}");
        }
        let mut shown = whole;
        let default = serde_json::to_value(Config::default())?;
        for key in examples {
            assert!(default[key].is_null(), "{key} has a default now: the sample can show it");
            shown[key] = default[key].clone();
        }
        assert_eq!(shown, default, "left: natpatrull.sample.toml, right: Config::default()");
        // No key can go from the sample unseen.
        for key in
            default.as_object().into_iter().flat_map(|keys| keys.keys()).filter(|key| !examples.contains(&key.as_str()))
        {
            assert!(read(sample(|line| line != key)).is_err(), "the test does not see that {key} is missing");
        }
        Ok(())
    }
}
