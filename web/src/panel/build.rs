//! Build, the twin of `poslab encode`: values in, bytes out.

use crate::browser::clip;
use crate::shell::{Shelf, Shell};
use crate::words::{Lang, build as w, t, terms};
use leptos::prelude::*;
use poslab_core::bytes::to_hex;
use poslab_core::codec::{Draft, Value, pack};
use poslab_core::frame::{FramePart, Framing};
use poslab_core::intake::{Content, FieldValue, Fields, decode_hex, read_text};
use poslab_core::spec::Dialect;

/// What stands in the panel at first: a sign-on of a made-up terminal.
const EXAMPLE: &str = "{\n  \"mti\": \"0800\",\n  \"fields\": {\n    \"11\": \"000001\",\n    \"41\": \"10000001\",\n    \"42\": \"100000000000001\",\n    \"60\": \"00000001003\",\n    \"63\": \"01 \"\n  }\n}";

/// The frames that are offered.
const FRAMES: [&str; 5] = ["none", "len2be+tpdu+header6", "len2be", "len4ascii", "tpdu"];

/// Draws the panel.
pub fn draw(_: &str) -> AnyView {
    view! { <Build/> }.into_any()
}

/// The panel.
#[component]
fn Build() -> impl IntoView {
    let (shell, shelf) = (Shell::here(), Shelf::here());
    let text = RwSignal::new(EXAMPLE.to_owned());
    let dialect = RwSignal::new("unionpay-pos".to_owned());
    let frame = RwSignal::new("none".to_owned());
    let front = RwSignal::new("6000030000 603100310001".to_owned());
    let built = Memo::new(move |_| {
        let lang = shell.lang.get();
        let Some(dialect) = shelf.find(&dialect.get()) else {
            return Err(dialect.get());
        };
        build(&text.get(), &dialect, &frame.get(), &front.get(), lang)
    });
    Effect::new(move || {
        if shell.route.get().panel == "build" {
            let frame = frame.get();
            let frame = if frame == "none" {
                String::new()
            } else {
                format!(" --frame {frame}")
            };
            shell.same_as(&format!(
                "poslab encode --dialect {}{frame} values.json",
                dialect.get()
            ));
        }
    });
    let hex = move || built.get().unwrap_or_default();
    let wrong = move || {
        built
            .get()
            .err()
            .map(|why| view! { <p class="bad">"✕ " {why}</p> })
    };
    let names = move || {
        let option = |name: String| {
            let chosen = dialect.with_untracked(|now| *now == name);
            let value = name.clone();
            view! { <option value=value selected=chosen>{name}</option> }
        };
        shelf.names().into_iter().map(option).collect_view()
    };
    let frames = FRAMES
        .iter()
        .map(|name| view! { <option value=*name>{*name}</option> });
    view! {
        <div class="sheet">
            <h1 class="sentence">{t(w::TITLE)}</h1>
            <div class="row">
                <label>{t(w::DIALECT)} " "
                    <select id="build-dialect" on:change=move |event| dialect.set(event_target_value(&event))>
                        {names}
                    </select>
                </label>
                <label>{t(w::FRAME)} " "
                    <select id="build-frame" on:change=move |event| frame.set(event_target_value(&event))>
                        {frames.collect_view()}
                    </select>
                </label>
                <label hidden=move || frame.with(|frame| !frame.contains("tpdu"))>{t(w::TPDU)} " "
                    <input
                        id="build-front"
                        class="mono"
                        size="26"
                        prop:value=move || front.get()
                        on:input=move |event| front.set(event_target_value(&event))
                    />
                </label>
            </div>
            <div class="halves">
                <section>
                    <h2 class="label"><label for="values">{t(w::VALUES)}</label></h2>
                    <textarea
                        id="values"
                        rows="16"
                        spellcheck="false"
                        prop:value=move || text.get()
                        on:input=move |event| text.set(event_target_value(&event))
                    ></textarea>
                    <p class="dim prose">{terms(w::VALUES_NOTE_TERMS)}</p>
                </section>
                <section aria-live="polite">
                    <h2 class="label">
                        {t(w::BYTES)} " " <span class="mono">{move || hex().len() / 2}</span>
                    </h2>
                    {wrong}
                    <pre class="bytes-out" id="built">{move || spaced(&hex())}</pre>
                    <p class="row" hidden=move || hex().is_empty()>
                        <button type="button" class="primary" on:click=move |_| shell.inspect(&hex())>
                            {t(w::INSPECT)}
                        </button>
                        <button type="button" on:click=move |_| clip::copy(&hex(), || {})>{t(w::COPY)}</button>
                    </p>
                </section>
            </div>
        </div>
    }
}

/// Packs the values of a text; the error is a sentence.
fn build(
    text: &str,
    dialect: &Dialect,
    frame: &str,
    front: &str,
    lang: Lang,
) -> Result<String, String> {
    let intake = read_text(text).map_err(|error| error.to_string())?;
    let Some(Content::Fields(fields)) = intake.items.first().map(|item| &item.content) else {
        return Err(w::NOT_FIELDS.say(lang).to_owned());
    };
    let packed = pack(dialect, &draft(fields)).map_err(|error| error.to_string())?;
    let framing: Framing = match frame {
        "none" => Framing::none(),
        text => text.parse().map_err(|_| text.to_owned())?,
    };
    let digits: String = front.split_whitespace().collect();
    let mut rest = Vec::new();
    if decode_hex(digits.as_bytes(), &mut rest).is_err() {
        return Err(w::NOT_HEX.say(lang).to_owned());
    }
    // Parts are asked for from the last to the first.
    let mut header = |part: FramePart| {
        let len = part.len_in(&[0; 64])?;
        rest.len().checked_sub(len).map(|at| rest.split_off(at))
    };
    let framed = framing
        .wrap(&packed, &mut header)
        .map_err(|_| w::NOT_HEX.say(lang).to_owned())?;
    Ok(to_hex(&framed))
}

/// The draft that field values describe.
fn draft(fields: &Fields) -> Draft<'static> {
    let mut draft = Draft::new(fields.mti.as_deref().unwrap_or_default());
    for entry in &fields.entries {
        if let Ok(field) = entry.id.parse() {
            draft.set(field, value(&entry.value));
        }
    }
    draft
}

/// The value of an entry, with its parts.
fn value(given: &FieldValue) -> Value<'static> {
    match given {
        FieldValue::Text(text) => Value::from(text.clone()),
        FieldValue::Binary(hex) => Value::from(hex.clone()),
        FieldValue::Nested(parts) => Value::Parts(
            parts
                .iter()
                .map(|part| (part.id.clone(), value(&part.value)))
                .collect(),
        ),
    }
}

/// Hex with spaces, sixteen bytes a line.
fn spaced(hex: &str) -> String {
    let pairs: Vec<&str> = (0..hex.len() / 2)
        .filter_map(|at| hex.get(at * 2..at * 2 + 2))
        .collect();
    pairs
        .chunks(16)
        .map(|line| line.join(" "))
        .collect::<Vec<_>>()
        .join("\n")
}
