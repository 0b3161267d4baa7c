//! The pages "One sale, byte by byte" and "Why the reversal is written first", in both languages,
//! made from traces: every command on them is run, and what it prints is what stands there.
//!
//! `POSLAB_BLESS=1 cargo test` writes the pages; without it they are compared.

#[path = "stories/one_sale.rs"]
mod one_sale;
#[path = "stories/page.rs"]
mod page;
#[path = "stories/reversal_first.rs"]
mod reversal_first;

use page::Lang;

#[test]
fn one_sale_is_told_as_it_runs() {
    for lang in [Lang::En, Lang::Zh] {
        page::hold(&lang.file("one-sale"), &one_sale::page(lang));
    }
}

#[test]
fn why_the_reversal_comes_first_is_told_as_it_runs() {
    for lang in [Lang::En, Lang::Zh] {
        page::hold(&lang.file("reversal-first"), &reversal_first::page(lang));
    }
}
