//! The cascade, made by the test `trains_the_cascade`.

use crate::feature::Kind::{self, Above, Bar, Beside, Column, Quarters};
use crate::feature::{Feature, Stage, Weak};

const fn weak(kind: Kind, at: [u8; 4], threshold: f64, below: bool, vote: f64) -> Weak {
    Weak { feature: Feature(kind, at), threshold, below, vote }
}

/// Stages in the order in which a window meets them.
#[rustfmt::skip]
pub(crate) const CASCADE: &[Stage<'static>] = &[
    Stage { enough: 2.6977, weak: &[
        weak(Bar, [8, 8, 10, 12], -0.4692, true, 2.9984),
        weak(Beside, [12, 8, 4, 4], 0.3381, false, 2.6987),
    ] },
    Stage { enough: 2.229, weak: &[
        weak(Column, [6, 8, 6, 4], 0.1854, false, 2.6827),
        weak(Bar, [4, 0, 16, 6], 0.1331, false, 2.23),
    ] },
    Stage { enough: 3.4485, weak: &[
        weak(Column, [6, 16, 12, 4], 0.1523, false, 1.8878),
        weak(Column, [4, 8, 6, 4], 0.2264, false, 1.7291),
        weak(Column, [14, 4, 6, 10], 0.2086, false, 1.9132),
        weak(Above, [6, 8, 12, 8], -0.6804, true, 1.7204),
    ] },
    Stage { enough: 3.0359, weak: &[
        weak(Above, [10, 2, 4, 12], -0.9139, true, 1.9505),
        weak(Column, [18, 8, 6, 6], -0.2683, true, 1.5393),
        weak(Column, [6, 2, 6, 16], 0.1176, false, 1.5685),
        weak(Beside, [14, 18, 4, 2], -0.3098, true, 1.4684),
        weak(Above, [8, 2, 8, 8], -0.2765, true, 1.519),
    ] },
    Stage { enough: 3.918, weak: &[
        weak(Quarters, [12, 10, 4, 8], 0.1687, false, 1.3189),
        weak(Beside, [4, 8, 4, 4], 0.8007, false, 1.3321),
        weak(Above, [10, 2, 10, 8], -0.3116, true, 1.2311),
        weak(Bar, [10, 8, 8, 12], -0.5755, true, 1.316),
        weak(Above, [10, 20, 2, 4], -0.4986, true, 1.3569),
        weak(Bar, [8, 18, 10, 6], -0.2148, true, 1.4556),
        weak(Quarters, [12, 12, 4, 4], 0.0369, false, 1.369),
    ] },
    Stage { enough: 3.6937, weak: &[
        weak(Above, [6, 8, 4, 8], -0.8529, true, 1.3707),
        weak(Column, [18, 8, 6, 4], -0.5082, true, 1.2992),
        weak(Beside, [6, 18, 4, 2], 0.2063, false, 1.1457),
        weak(Above, [16, 4, 2, 16], -0.9169, true, 1.1725),
        weak(Above, [4, 2, 16, 8], -0.3591, true, 1.2026),
        weak(Beside, [16, 8, 4, 4], -0.6115, true, 1.1515),
        weak(Beside, [10, 8, 4, 6], -0.653, true, 1.2668),
        weak(Beside, [4, 6, 4, 8], 0.3186, false, 1.2614),
    ] },
    Stage { enough: 4.6047, weak: &[
        weak(Quarters, [16, 10, 8, 4], -0.2637, true, 1.191),
        weak(Beside, [14, 18, 4, 2], -0.2415, true, 1.1876),
        weak(Bar, [14, 0, 4, 6], 0.0599, false, 1.2176),
        weak(Column, [12, 8, 6, 4], 0.414, false, 1.1495),
        weak(Above, [8, 4, 2, 4], -0.0742, true, 1.1107),
        weak(Column, [6, 6, 6, 8], 0.2444, false, 1.0661),
        weak(Quarters, [2, 8, 4, 12], 0.2092, false, 1.2065),
        weak(Bar, [10, 4, 6, 18], -0.6403, true, 1.1953),
        weak(Column, [8, 8, 6, 10], 0.185, false, 1.2314),
        weak(Above, [12, 0, 4, 24], -0.4886, true, 1.1344),
    ] },
    Stage { enough: 3.8942, weak: &[
        weak(Above, [10, 4, 2, 4], -0.1407, true, 1.3555),
        weak(Above, [12, 18, 2, 4], -0.5083, true, 1.2652),
        weak(Bar, [8, 10, 2, 12], -0.4158, true, 1.4036),
        weak(Above, [4, 14, 14, 4], 0.1145, false, 1.3603),
        weak(Quarters, [12, 6, 4, 4], -0.0523, true, 1.2697),
        weak(Above, [10, 20, 2, 4], -0.1552, true, 1.4527),
        weak(Bar, [10, 18, 6, 6], -0.5081, true, 1.3452),
    ] },
];
