//! Elements, built and bound by a handful of functions: what the first wasm module draws with.
//!
//! `view!` makes code of its own for every element and closure, which is half of a small module.
//! Here each of them is a call with a text, so a view costs its names and little else. State is
//! Leptos's all the same: signals, owners and contexts. What people pasted goes into text nodes
//! and attributes only, never into markup.
//!
//! ```text
//! el("p", "row").label(w::NAME)                     <p class="row" aria-label="…">
//!     .child(el("b", "").say(w::TOTAL))               <b>the sentence, in the language of the moment</b>
//!     .live_text(move || count.get().to_string())     a text that follows a signal
//!     .child(button("link", move || press()).say(w::PRESS))
//! ```

use crate::browser;
use crate::shell::Shell;
use crate::words::Phrase;
use leptos::prelude::*;
use leptos::reactive::effect::RenderEffect;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, Node, Text};

/// An element, or a text between elements. A clone is the same element.
#[derive(Clone)]
pub struct El(Node);

/// An element that does not exist in the document yet.
pub fn el(tag: &str, class: &str) -> El {
    let element = browser::document()
        .create_element(tag)
        .expect("every tag of this crate is a name");
    if !class.is_empty() {
        element.set_class_name(class);
    }
    El(element.into())
}

/// A text between elements.
pub fn text(words: &str) -> El {
    El(browser::document().create_text_node(words).into())
}

/// A button, and what pressing it does.
pub fn button(class: &str, press: impl Fn() + 'static) -> El {
    el("button", class)
        .attr("type", "button")
        .on("click", move |_| press())
}

/// Draws into an element for the page's life.
pub fn mount(place: &HtmlElement, draw: impl FnOnce() -> Vec<El>) {
    // An error means that it was started already.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    place.set_inner_html("");
    let owner = Owner::new();
    for one in owner.with(draw) {
        append(place, &one.0);
    }
    std::mem::forget(owner);
}

/// Runs something now, and again whenever a signal that it read changes.
pub fn live(run: impl FnMut() + 'static) {
    live_boxed(Box::new(run));
}

fn live_boxed(mut run: Box<dyn FnMut()>) {
    let effect = RenderEffect::new(move |_: Option<()>| run());
    on_cleanup(move || drop(effect));
}

impl El {
    /// An element of the document, to be filled.
    pub fn of(element: &Element) -> El {
        El(element.clone().into())
    }

    /// The element, as a kind that its tag says it is.
    pub fn get<T: JsCast>(&self) -> &T {
        self.0.unchecked_ref()
    }

    /// What stands in it, for a field in which people type.
    pub fn value(&self) -> String {
        let value = js_sys::Reflect::get(&self.0, &"value".into());
        value
            .ok()
            .and_then(|value| value.as_string())
            .unwrap_or_default()
    }

    /// Puts another element at the end.
    pub fn child(self, child: El) -> El {
        append(&self.0, &child.0);
        self
    }

    /// Puts some elements at the end.
    pub fn children(self, children: Vec<El>) -> El {
        for child in children {
            append(&self.0, &child.0);
        }
        self
    }

    /// Puts a text at the end.
    pub fn text(self, words: &str) -> El {
        self.child(text(words))
    }

    /// Puts a sentence at the end, in the language of the moment.
    pub fn say(self, phrase: Phrase) -> El {
        let lang = Shell::here().lang;
        self.live_text(move || phrase.say(lang.get()).to_owned())
    }

    /// Puts a text at the end that follows signals.
    pub fn live_text(self, words: impl Fn() -> String + 'static) -> El {
        self.live_text_boxed(Box::new(words))
    }

    fn live_text_boxed(self, words: Box<dyn Fn() -> String>) -> El {
        let place = text("");
        append(&self.0, &place.0);
        live_boxed(Box::new(move || {
            let (place, words): (&Text, String) = (place.get(), words());
            if place.data() != words {
                place.set_data(&words);
            }
        }));
        self
    }

    /// Puts elements at the end that are made anew whenever a signal changes; the focus stays at
    /// its place among them.
    pub fn live_children(self, draw: impl Fn() -> Vec<El> + 'static) -> El {
        self.live_children_boxed(Box::new(draw))
    }

    fn live_children_boxed(self, draw: Box<dyn Fn() -> Vec<El>>) -> El {
        let end = text("");
        append(&self.0, &end.0);
        let (parent, mut shown) = (self.0.clone(), Vec::<El>::new());
        live_boxed(Box::new(move || {
            let drawn = draw();
            let focus = focus_within(&shown);
            for old in &shown {
                // What somebody else took out needs no taking out.
                let _ = parent.remove_child(&old.0);
            }
            for new in &drawn {
                let _ = parent.insert_before(&new.0, Some(&end.0));
            }
            shown = drawn;
            if let Some(way) = focus {
                refocus(&shown, &way);
            }
        }));
        self
    }

    /// Sets an attribute.
    pub fn attr(self, name: &str, value: &str) -> El {
        set(self.get(), name, Some(value));
        self
    }

    /// Sets a property of its style: the policy of the page refuses the attribute.
    pub fn style(self, name: &str, value: &str) -> El {
        let _ = self.get::<HtmlElement>().style().set_property(name, value);
        self
    }

    /// Sets an attribute to a sentence in the language of the moment.
    pub fn attr_say(self, name: &'static str, phrase: Phrase) -> El {
        let lang = Shell::here().lang;
        self.live_attr(name, move || Some(phrase.say(lang.get()).to_owned()))
    }

    /// Names the element for those who do not see it.
    pub fn label(self, phrase: Phrase) -> El {
        self.attr_say("aria-label", phrase)
    }

    /// Sets an attribute that follows signals; without a value it is taken away.
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> El {
        self.live_attr_boxed(name, Box::new(value))
    }

    fn live_attr_boxed(self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> El {
        let element = self.clone();
        live_boxed(Box::new(move || {
            set(element.get(), name, value().as_deref());
        }));
        self
    }

    /// Sets an attribute to `true` or `false`, after signals.
    pub fn live_state(self, name: &'static str, on: impl Fn() -> bool + 'static) -> El {
        self.live_attr(name, move || Some(on().to_string()))
    }

    /// Hides the element while something holds.
    pub fn hidden(self, when: impl Fn() -> bool + 'static) -> El {
        self.live_attr("hidden", move || when().then(String::new))
    }

    /// Sets the classes, after signals.
    pub fn live_class(self, class: impl Fn() -> &'static str + 'static) -> El {
        self.live_attr("class", move || Some(class().to_owned()))
    }

    /// Sets the value of a field, after signals.
    pub fn live_value(self, value: impl Fn() -> String + 'static) -> El {
        self.live_property("value", move || value().into())
    }

    /// Sets a property, after signals.
    pub fn live_property(
        self,
        name: &'static str,
        value: impl Fn() -> wasm_bindgen::JsValue + 'static,
    ) -> El {
        let element = self.clone();
        live(move || {
            // An element takes any property.
            let _ = js_sys::Reflect::set(&element.0, &name.into(), &value());
        });
        self
    }

    /// Heeds an event.
    pub fn on(self, event: &str, heed: impl FnMut(Event) + 'static) -> El {
        listen(&self.0, event, Box::new(heed));
        self
    }
}

/// Heeds an event of anything, for as long as it lives.
pub fn listen(target: &web_sys::EventTarget, event: &str, heed: Box<dyn FnMut(Event)>) {
    let heed = Closure::wrap(heed).into_js_value();
    // Refusal is only possible for what is no function.
    let _ = target.add_event_listener_with_callback(event, heed.unchecked_ref());
}

/// The key, as an event of the keyboard.
pub fn as_key(event: &Event) -> &web_sys::KeyboardEvent {
    event.unchecked_ref()
}

fn append(parent: &Node, child: &Node) {
    // Refusal is only possible for an element within itself.
    let _ = parent.append_child(child);
}

fn set(element: &Element, name: &str, value: Option<&str>) {
    let Some(value) = value else {
        let _ = element.remove_attribute(name);
        return;
    };
    if element.get_attribute(name).as_deref() != Some(value) {
        let _ = element.set_attribute(name, value);
    }
}

/// The way from some elements to the one with the focus: which of them, then which child.
fn focus_within(shown: &[El]) -> Option<Vec<u32>> {
    let focus: Node = browser::document().active_element()?.into();
    let at = shown.iter().position(|one| one.0.contains(Some(&focus)))?;
    let (top, mut way, mut node) = (shown.get(at)?, Vec::new(), focus);
    while node != top.0 {
        let element: &Element = node.unchecked_ref();
        let mut place = 0;
        let mut before = element.previous_element_sibling();
        while let Some(one) = before {
            place += 1;
            before = one.previous_element_sibling();
        }
        way.push(place);
        node = node.parent_node()?;
    }
    way.push(at as u32);
    Some(way)
}

/// Focuses what is at the end of a way.
fn refocus(shown: &[El], way: &[u32]) {
    let mut steps = way.iter().rev();
    let top = steps.next().and_then(|at| shown.get(*at as usize));
    let mut element = top.map(|one| one.get::<Element>().clone());
    for step in steps {
        element = element.and_then(|one| one.children().item(*step));
    }
    if let Some(element) = element {
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}
