//! Every screen in every state, as a student sees it. A test is: a world, keys, a snapshot.

/// One snapshot per size of `SIZES`, whichever the module has.
macro_rules! at_all_sizes {
    ($name:literal, $stage:expr) => {
        for (width, height) in SIZES {
            let stage: Stage = $stage(Stage::new(width, height));
            assert_snapshot!(format!("{}_{width}x{height}", $name), stage.screen());
        }
    };
}

mod away;
mod compare;
mod courses;
mod cursor;
mod dates;
mod desk;
mod finishing;
mod harness;
mod lessons;
mod letters;
mod money;
mod overlays;
mod palette;
mod player;
mod programs;
mod reports;
mod reviews;
mod styles;
mod waiting;
mod world;
