//! The machine as a whole: keys in, effects out.

mod away;
mod compare;
mod dates;
mod desk;
mod enroll;
mod find;
mod finish;
mod footer;
mod hands;
mod launch;
mod load;
mod pay;
mod player;
mod reports;
mod reviews;
mod stage;
mod switch;
mod waiting;
