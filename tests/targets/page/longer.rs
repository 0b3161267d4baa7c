//! Longer words and narrow screens: every panel with its words stretched by two fifths, as a
//! translation may be, fits 320 pixels (a window of 640 at 200 %) and cuts no text off.

use super::{PANELS, picture};
use poslab_tests::page::{Chromium, Site, dist};
use serde_json::Value;

/// Stretches the words of the page by two fifths; data (bytes, code, what somebody typed) stays.
const STRETCH: &str = "(() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const data = 'script, style, textarea, code, pre, .mono, .value, .cells, .number, svg, .brand';
  window.longerAlready ??= new WeakSet();
  const longer = word => word + 'ëïöüáéíóúý'.slice(0, Math.round(word.length * 0.4));
  for (let text; (text = walk.nextNode());) {
    if (text.parentElement.closest(data) || longerAlready.has(text)) continue;
    text.data = text.data.replace(/\\p{L}{2,}/gu, longer);
    longerAlready.add(text);
  }
})()";

/// What is too wide for the window, or hides a part of its own text.
const FAULTS: &str = "(() => {
  const seen = [], say = (what, e) => seen.push(what + ' ' + e.tagName.toLowerCase() + '.' +
    (e.getAttribute('class') ?? '') + '#' + e.id + ' ' + e.textContent.trim().slice(0, 30));
  const scrolls = e => { for (; e && e !== document.body; e = e.parentElement)
    if (/auto|scroll|hidden|clip/.test(getComputedStyle(e).overflowX)) return true; return false };
  const wide = document.documentElement.scrollWidth > innerWidth;
  for (const e of document.body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!box.width || style.visibility === 'hidden') continue;
    if (wide && box.right > innerWidth + 1 && !scrolls(e.parentElement)) say('wide', e);
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const cut = /hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 8
      && style.textOverflow !== 'ellipsis';
    if (own && cut && !e.closest('textarea, .cells, svg')) say('cut', e);
  }
  return (wide ? ['the page is ' + document.documentElement.scrollWidth + ' wide'] : []).concat(seen.slice(0, 12));
})()";

#[test]
fn longer_words_fit_a_narrow_screen() {
    let site = Site::serve(dist());
    let browser = Chromium::start();
    let mut wrong = Vec::new();
    for (lang, width) in [("en", 320), ("zh-CN", 320), ("en", 1440)] {
        let mut tab = browser.tab(width, 900);
        tab.open(&site.url(&format!("?{lang}")));
        tab.until_sealed();
        tab.until("document.querySelectorAll('#fields [role=treeitem]').length > 10");
        if tab.text("document.documentElement.lang") != lang {
            tab.click("header button[lang]");
        }
        for (panel, drawn) in PANELS {
            tab.eval(&format!("location.hash = {panel:?}"));
            tab.until(&format!("document.querySelector({drawn:?})"));
            tab.paint();
            tab.eval(STRETCH);
            tab.paint();
            picture(&mut tab, &format!("longer-{panel}-{lang}-{width}"));
            if let Value::Array(found) = tab.eval(FAULTS) {
                wrong.extend(
                    found
                        .iter()
                        .map(|one| format!("{panel} {lang} {width}: {one}")),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
