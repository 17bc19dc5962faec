//! What has to be the same on every target. The tests in a browser compare with the same numbers.

mod shards;

#[test]
fn keys_lie_where_they_lie_everywhere() {
    assert_eq!(shards::digest(), shards::EXPECTED, "{:#018x}", shards::digest());
}
