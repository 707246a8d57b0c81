//! Endpoints are strangers' addresses. Only what is public may be reached: looked at when it is given, and again when it
//! is connected to, because a name may point elsewhere by then.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Whether an address is on the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => public_v4(v4),
        IpAddr::V6(v6) => public_v6(v6),
    }
}

fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_unspecified()
        || a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240)
}

fn public_v6(address: Ipv6Addr) -> bool {
    let s = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if let Some(mapped) = address.to_ipv4_mapped() {
        return public_v4(mapped);
    }
    match s {
        // 6to4 and the NAT64 prefix carry an IPv4 address.
        [0x2002, high, low, ..] => v4(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        // Teredo, the benchmarking and documentation blocks, ORCHID.
        [0x2001, second, ..] if second < 0x0200 => false,
        [0x2001, 0x0db8, ..] | [0x3fff, ..] => false,
        // Only 2000::/3 is given out.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// The endpoint, if it may be sent to. `loopback` is the test setting.
pub fn endpoint(text: &str, loopback: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    // The parser has turned decimal, octal and hexadecimal forms into an address by now.
    let (literal, name) = match url.host()? {
        Host::Ipv4(v4) => (Some(IpAddr::V4(v4)), None),
        Host::Ipv6(v6) => (Some(IpAddr::V6(v6)), None),
        // A name that ends with a dot is the same name.
        Host::Domain(name) => (None, Some(name.strip_suffix('.').unwrap_or(name))),
    };
    let here = literal.is_some_and(|address| address.is_loopback()) || name == Some("localhost");
    if loopback && here && url.scheme() == "http" {
        return Some(url);
    }
    let public =
        literal.is_none_or(is_public) && name.is_none_or(|name| name.contains('.') && !name.ends_with(".localhost"));
    (url.scheme() == "https" && url.port().is_none() && public).then_some(url)
}

/// Asks the machine where a name points.
pub struct MachineNames;

impl Resolve for MachineNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Resolves names by `names` and forgets every answer that is not public.
pub struct PublicOnly<Names> {
    pub names: Names,
    pub loopback: bool,
}

impl<Names: Resolve> Resolve for PublicOnly<Names> {
    fn resolve(&self, name: Name) -> Resolving {
        let (found, loopback) = (self.names.resolve(name), self.loopback);
        Box::pin(async move {
            let addresses = keep(found.await?, loopback);
            if addresses.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn keep(found: impl Iterator<Item = SocketAddr>, loopback: bool) -> Vec<SocketAddr> {
    found.filter(|at| is_public(at.ip()) || (loopback && at.ip().is_loopback())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_endpoints_are_taken() {
        let refused = [
            "http://push.example.com/x",
            "https://127.0.0.1/x",
            "https://localhost/x",
            "https://intern/x",
            "https://a.localhost/x",
            "https://localhost./x",
            "https://a.localhost./x",
            "https://10.0.0.1/x",
            "https://172.16.5.4/x",
            "https://192.168.1.1/x",
            "https://169.254.169.254/latest",
            "https://100.64.0.1/x",
            "https://0.0.0.0/x",
            "https://0/x",
            "https://255.255.255.255/x",
            "https://224.0.0.1/x",
            "https://198.18.0.1/x",
            "https://192.0.2.1/x",
            "https://2130706433/x",
            "https://0x7f.1/x",
            "https://0177.0.0.1/x",
            "https://127.1/x",
            "https://[::1]/x",
            "https://[::]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://[::ffff:10.0.0.1]/x",
            "https://[::127.0.0.1]/x",
            "https://[fe80::1]/x",
            "https://[fc00::1]/x",
            "https://[fd12::1]/x",
            "https://[ff02::1]/x",
            "https://[64:ff9b::7f00:1]/x",
            "https://[2002:7f00:1::]/x",
            "https://[2001:0:1::1]/x",
            "https://[2001:db8::1]/x",
            "https://user@push.example.com/x",
            "https://push.example.com:8443/x",
            "ftp://push.example.com/x",
            "file:///etc/passwd",
            "nonsense",
            "",
        ];
        for url in refused {
            assert!(endpoint(url, false).is_none(), "{url} must not be reached");
        }
        for url in ["https://push.example.com/x", "https://93.184.216.34/x", "https://[2606:2800:220:1::1]/x"] {
            assert!(endpoint(url, false).is_some(), "{url} is public");
        }
    }

    #[test]
    fn a_name_that_comes_to_point_inside_is_not_followed() {
        let at = |text: &str| text.parse::<SocketAddr>().unwrap_or(SocketAddr::from(([0, 0, 0, 0], 0)));
        let found = ["10.0.0.1:0", "[::1]:0", "93.184.216.34:0", "169.254.169.254:0"].map(at);
        assert_eq!(keep(found.into_iter(), false), [at("93.184.216.34:0")]);
        assert_eq!(keep([at("10.0.0.1:0")].into_iter(), true), []);
    }

    #[test]
    fn the_test_setting_opens_loopback_and_nothing_else() {
        assert!(endpoint("http://127.0.0.1:9/x", true).is_some());
        assert!(endpoint("http://localhost:9/x", true).is_some());
        assert!(endpoint("http://10.0.0.1/x", true).is_none());
        assert!(endpoint("http://push.example.com/x", true).is_none());
    }
}
