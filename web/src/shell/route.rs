//! The router: the fragment of the address names the panel and what it shows.
//!
//! ```text
//! #theatre?lost-response&seed=7      panel `theatre`, rest `lost-response&seed=7`
//! #v1.q1YqTixJ…                      a shared message: panel `inspect`, rest `v1.q1YqTixJ…`
//! (nothing)                          panel `inspect`
//! ```

use std::fmt;

/// The panel that is open, and what stands after its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The id of the panel: the verb's name in the tab list.
    pub panel: String,
    /// What follows `?`; each panel reads its own.
    pub rest: String,
}

impl Route {
    /// A panel without anything after its name.
    pub fn to(panel: &str) -> Route {
        Route {
            panel: panel.into(),
            rest: String::new(),
        }
    }

    /// Reads a fragment. Every text is a route; whether the panel exists is for the shell to say.
    pub fn of(fragment: &str) -> Route {
        if fragment.is_empty() || fragment == "main" {
            return Route::to("inspect");
        }
        if fragment.starts_with("v1.") {
            return Route {
                panel: "inspect".into(),
                rest: fragment.into(),
            };
        }
        let (panel, rest) = fragment.split_once('?').unwrap_or((fragment, ""));
        Route {
            panel: panel.into(),
            rest: rest.into(),
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rest.as_str() {
            "" => f.write_str(&self.panel),
            rest if rest.starts_with("v1.") => f.write_str(rest),
            rest => write!(f, "{}?{rest}", self.panel),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn a_route_is_its_fragment() {
        for fragment in [
            "inspect",
            "theatre?lost-response&seed=7",
            "v1.q1Yq",
            "learn?lesson=3",
        ] {
            assert_eq!(Route::of(fragment).to_string(), fragment);
        }
        assert_eq!(Route::of("").panel, "inspect");
        assert_eq!(Route::of("v1.q1Yq").panel, "inspect");
    }
}
