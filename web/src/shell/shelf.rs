//! The dialects that people brought along: imported once, known to every panel of every module,
//! gone with the page.

use crate::browser::event;
use leptos::prelude::*;
use poslab_core::bytes::to_hex;
use poslab_core::spec::{Dialect, builtin, builtin_names, prebuilt};
use std::sync::Arc;

/// The shelf.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// The imported dialects, in the order they came.
    pub imported: RwSignal<Vec<Arc<Dialect>>>,
    /// How often tables were handed over late; what was read before that is read again.
    pub tables: RwSignal<u32>,
}

impl Shelf {
    /// Offers an empty shelf to the views below; it fills with what any module brings.
    pub fn provide() {
        let shelf = Shelf {
            imported: RwSignal::new(Vec::new()),
            tables: RwSignal::new(0),
        };
        event::on(event::DIALECT, move |file| shelf.take(&file));
        event::on(event::TABLES, move |_| {
            shelf.tables.update(|count| *count += 1)
        });
        provide_context(shelf);
    }

    /// The shelf above this view.
    pub fn here() -> Shelf {
        expect_context::<Shelf>()
    }

    /// Puts a dialect on the shelf of every module, in place of one with the same name.
    pub fn put(self, dialect: &Dialect) {
        // A vector grows, so there is always something to send.
        let loaded = prebuilt::write(dialect).unwrap_or_default();
        event::send(event::DIALECT, &to_hex(&loaded));
    }

    fn take(self, loaded: &str) {
        // What a module sends was a dialect there, so it is one here.
        let Some(dialect) = hex::decode(loaded).ok().as_deref().and_then(prebuilt::read) else {
            return;
        };
        self.imported.update(|list| {
            list.retain(|one| one.name() != dialect.name());
            list.push(Arc::new(dialect));
        });
    }

    /// A dialect by name: imported ones first.
    pub fn find(self, name: &str) -> Option<Arc<Dialect>> {
        let own = self
            .imported
            .with(|list| list.iter().find(|one| one.name() == name).cloned());
        own.or_else(|| builtin(name))
    }

    /// The names of all dialects: imported ones first.
    pub fn names(self) -> Vec<String> {
        let own = self.imported.with(|list| {
            list.iter()
                .map(|one| one.name().to_owned())
                .collect::<Vec<String>>()
        });
        own.into_iter()
            .chain(builtin_names().map(str::to_owned))
            .collect()
    }
}
