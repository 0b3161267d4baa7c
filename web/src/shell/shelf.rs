//! The dialects that people brought along: imported once, known to every panel of this module,
//! gone with the page.

use leptos::prelude::*;
use poslab_core::spec::{Dialect, builtin, builtin_names};
use std::sync::Arc;

/// The shelf.
#[derive(Clone, Copy)]
pub struct Shelf {
    /// The imported dialects, in the order they came.
    pub imported: RwSignal<Vec<Arc<Dialect>>>,
}

impl Shelf {
    /// Offers an empty shelf to the views below.
    pub fn provide() {
        provide_context(Shelf {
            imported: RwSignal::new(Vec::new()),
        });
    }

    /// The shelf above this view.
    pub fn here() -> Shelf {
        expect_context::<Shelf>()
    }

    /// Puts a dialect on the shelf, in place of one with the same name.
    pub fn put(self, dialect: Dialect) {
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
