//! Configuration: `natpatrull.toml`, then `NATPATRULL_…` from the environment over it. A bad value stops the start with
//! its name.

use std::{net::SocketAddr, path::PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use url::Url;

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
    /// 32 bytes in base64; nothing means the file `master.key` in `data_dir`.
    pub master_key: Option<String>,
    pub operator_name: String,
    /// Told to push services, so that they can reach whoever runs this (`mailto:` or `https:`).
    pub operator_contact: String,
    /// Lets push go to loopback addresses, for tests; refused on a public listener.
    pub push_allow_loopback: bool,
    /// How many actions one account may send in a minute; 25 times as many in a day.
    pub actions_a_minute: u32,
    pub log: String,
    /// Set by `serve --demo` alone.
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
            operator_name: "Nattljus (demo)".into(),
            operator_contact: "mailto:drift@example.org".into(),
            push_allow_loopback: false,
            actions_a_minute: 120,
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
        if let Some(metrics) = self.metrics_listen
            && !metrics.ip().is_loopback()
        {
            return Err("configuration: metrics_listen must be a loopback address".into());
        }
        if self.base_url.host_str().is_none() {
            return Err("configuration: base_url needs a host".into());
        }
        Ok(())
    }

    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", self.data_dir.join("natpatrull.sqlite").display()))
    }
}
