//! What the crypto verbs print, case by case.

#[test]
fn verbs_print_what_their_pages_say() {
    trycmd::TestCases::new().case("tests/bench/*.trycmd");
}
