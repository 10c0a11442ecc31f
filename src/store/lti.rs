//! LTI 1.3 launches.

use super::{PAUSE, Store, StoreError, TRIES};
use crate::domain::lti::{Digest, LtiInitiation, LtiLaunch, LtiUse, NewLtiLaunch};
use crate::domain::text::Text;

impl Store {
    /// Writes a launch down that begins, and forgets some that ran out long ago.
    pub async fn begin_lti_launch(&self, plan: &NewLtiLaunch) -> Result<(), StoreError> {
        transact!(self, begin_lti_launch(plan))
    }

    /// The launch with this one-time address.
    pub async fn find_lti_launch_by_address(
        &self,
        initiate: &Digest,
    ) -> Result<Option<LtiLaunch>, StoreError> {
        call!(self, find_lti_launch_by_address(initiate))
    }

    /// The launch with this login hint.
    pub async fn find_lti_launch_by_hint(
        &self,
        login_hint: &Digest,
    ) -> Result<Option<LtiLaunch>, StoreError> {
        call!(self, find_lti_launch_by_hint(login_hint))
    }

    /// Gives a launch its hints. `Conflict::Changed` when it was opened before or has run out.
    pub async fn initiate_lti_launch(&self, plan: &LtiInitiation) -> Result<(), StoreError> {
        transact!(self, initiate_lti_launch(plan))
    }

    /// Uses the hints up, keeps the launch and what was disclosed, and gives what stands for the
    /// student at the partner: always the same. `Conflict::Changed` when the hints were used, have run
    /// out or don't belong together, or the enrollment is not where the launch began any more.
    pub async fn use_lti_launch(&self, plan: &LtiUse) -> Result<Text, StoreError> {
        transact!(self, use_lti_launch(plan))
    }
}
