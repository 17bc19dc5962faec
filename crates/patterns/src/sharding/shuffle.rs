//! Shuffle sharding (C. MacCárthaigh, «Workload isolation using shuffle-sharding», Amazon Builders' Library): each
//! tenant has a few shards of its own choosing, and hardly any two have the same.

use super::{Shard, ShardId};
use crate::hash::{xxh64, xxh64_of_u64};
use crate::order::sorted;

/// The shards of a tenant: the `count` that score highest with its name, the highest first. As with rendezvous
/// hashing, a shard that joins or leaves changes nothing for the tenants that don't get or had it. Weights don't count.
///
/// What one tenant breaks concerns another fully only where both have the same shards, which happens with the
/// probability 1 / C(n, count): of 8 shards 2 each, one time in 28. See [`overlap_probability`].
pub fn shuffle_shards(tenant: &[u8], shards: &[Shard], count: usize) -> Vec<ShardId> {
    let tenant = xxh64(tenant, 0);
    let score = |shard: &Shard| xxh64_of_u64(xxh64(shard.name.as_bytes(), 0), tenant);
    let scores = sorted(shards.iter().zip(0..).map(|(shard, at)| (score(shard), at)).collect());
    scores.iter().rev().take(count).map(|&(_, at)| shards[at as usize].id).collect()
}

/// The shard of a tenant's key: of [`shuffle_shards`], the one that scores highest with the key.
pub fn locate_for_tenant(tenant: &[u8], key: &[u8], shards: &[Shard], count: usize) -> Option<ShardId> {
    let key = xxh64(key, 0);
    shuffle_shards(tenant, shards, count).into_iter().max_by_key(|id| xxh64_of_u64(id.0.into(), key))
}

/// The probability that two tenants with `count` of `n` shards each have exactly `common` of them in common:
/// C(count, common) · C(n − count, count − common) / C(n, count).
pub fn overlap_probability(n: u32, count: u32, common: u32) -> f64 {
    if count > n || common > count {
        return 0.0;
    }
    choose(count, common) * choose(n - count, count - common) / choose(n, count)
}

fn choose(n: u32, k: u32) -> f64 {
    if k > n {
        return 0.0;
    }
    (0..k).fold(1.0, |product, at| product * f64::from(n - at) / f64::from(at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(count: u32) -> Vec<Shard> {
        (0..count).map(|at| Shard { id: ShardId(at), name: format!("shard-{at}"), weight: 1.0 }).collect()
    }

    /// Of 3 000 pairs, a share p has a standard deviation of √(p (1 − p) / 3000) < 0.9 %; four of them are allowed.
    #[test]
    fn tenants_overlap_as_often_as_the_formula_says() {
        let shards = shards(8);
        let tenants: Vec<Vec<ShardId>> =
            (0..6_000).map(|tenant| shuffle_shards(format!("tenant {tenant}").as_bytes(), &shards, 2)).collect();
        let mut found = [0; 3];
        for pair in tenants.chunks(2) {
            found[pair[0].iter().filter(|id| pair[1].contains(id)).count()] += 1;
        }
        for (common, count) in (0..).zip(found) {
            let expected = overlap_probability(8, 2, common);
            assert!((f64::from(count) / 3_000.0 - expected).abs() < 0.036, "{common}: {count}");
        }
        assert!((overlap_probability(8, 2, 2) - 1.0 / 28.0).abs() < 1e-15);
        assert_eq!((overlap_probability(8, 9, 0), overlap_probability(8, 8, 8)), (0.0, 1.0));
    }

    #[test]
    fn a_shard_that_leaves_concerns_its_tenants_alone() {
        let all = shards(10);
        let rest: Vec<Shard> = all.iter().filter(|shard| shard.id != ShardId(4)).cloned().collect();
        for tenant in 0..1_000_u32 {
            let tenant = tenant.to_le_bytes();
            let (before, after) = (shuffle_shards(&tenant, &all, 3), shuffle_shards(&tenant, &rest, 3));
            let kept: Vec<ShardId> = before.iter().copied().filter(|id| *id != ShardId(4)).collect();
            assert_eq!(after[..kept.len()], kept);
            let shard = locate_for_tenant(&tenant, b"key", &all, 3);
            assert!(shard.is_some_and(|shard| before.contains(&shard)));
        }
    }
}
