//! The algorithms of the Bench, each with the vector it opens with; a test proves every one.

use crate::words::Lang;
use poslab_core::words::working::benches;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// One algorithm.
pub struct Bench {
    /// Its name in the address.
    pub id: String,
    /// The family it is listed under.
    pub family: String,
    /// Which strip stands above the steps.
    pub picture: String,
    /// How well its vector is attested: `published`, `two` or `constructed`.
    pub kind: String,
    /// Where the vector is from.
    pub source: String,
    title: [String; 2],
    about: [String; 2],
    /// The operations, in order; most algorithms have one.
    pub stages: Vec<Stage>,
}

/// One operation of an algorithm.
pub struct Stage {
    /// Its name in the core.
    pub op: String,
    /// The vector's id.
    pub vector: String,
    /// What it opens with.
    pub inputs: Map<String, Value>,
    /// What the vector says comes out.
    pub expected: Map<String, Value>,
    /// Inputs that are outputs of the stage before: input name, output name.
    pub take: Vec<(String, String)>,
}

/// Every algorithm, in the order of the list.
pub static ALL: LazyLock<Vec<Bench>> = LazyLock::new(|| {
    let list: Vec<Value> = serde_json::from_str(benches()).expect("the list is JSON");
    list.iter().map(bench).collect()
});

/// The algorithm of a name in the address, or the first one.
pub fn find(id: &str) -> &'static Bench {
    let first = ALL.first().expect("the list is not empty");
    ALL.iter().find(|bench| bench.id == id).unwrap_or(first)
}

/// The algorithm whose only operation is `op`.
pub fn of_op(op: &str) -> Option<&'static Bench> {
    let mut all = ALL.iter();
    all.find(|bench| bench.stages.len() == 1 && bench.stages.iter().all(|stage| stage.op == op))
}

impl Bench {
    /// Its name.
    pub fn title(&self, lang: Lang) -> &str {
        pick(&self.title, lang)
    }

    /// What it does, in a sentence.
    pub fn about(&self, lang: Lang) -> &str {
        pick(&self.about, lang)
    }
}

fn pick(texts: &[String; 2], lang: Lang) -> &str {
    let [en, zh] = texts;
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

fn bench(value: &Value) -> Bench {
    let both = |name: &str| ["en", "zh"].map(|lang| text(&value[name][lang]));
    Bench {
        id: text(&value["id"]),
        family: text(&value["family"]),
        picture: text(&value["picture"]),
        kind: text(&value["kind"]),
        source: text(&value["source"]),
        title: both("title"),
        about: both("about"),
        stages: value["stages"]
            .as_array()
            .into_iter()
            .flatten()
            .map(stage)
            .collect(),
    }
}

fn stage(value: &Value) -> Stage {
    let object = |name: &str| value[name].as_object().cloned().unwrap_or_default();
    let take = object("take");
    Stage {
        op: text(&value["op"]),
        vector: text(&value["vector"]),
        inputs: object("inputs"),
        expected: object("expected"),
        take: take
            .iter()
            .map(|(to, from)| (to.clone(), text(from)))
            .collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
