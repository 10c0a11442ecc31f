//! The partners of a program side by side.

use crate::domain::candidate::Outcomes;
use crate::domain::ids::ProgramId;
use crate::domain::views::{Compared, ProgramView};
use crate::service::{ServiceError, Services};

impl Services {
    /// A program with all a comparison needs; `None` when it is gone.
    pub async fn comparison(&self, program: ProgramId) -> Result<Option<Compared>, ServiceError> {
        let Some(view) = self.store.find_program_by_id(program, self.now()).await? else {
            return Ok(None);
        };
        let outcomes = self.outcomes(&view).await?;
        Ok(Some(Compared { view, outcomes }))
    }

    /// The same by the program's slug; the error names slugs that look alike.
    pub async fn comparison_of(&self, slug: &str) -> Result<Compared, ServiceError> {
        let view = self.program(slug).await?;
        let outcomes = self.outcomes(&view).await?;
        Ok(Compared { view, outcomes })
    }

    async fn outcomes(&self, view: &ProgramView) -> Result<Outcomes, ServiceError> {
        Ok(self.store.count_outcomes(view.program.id).await?)
    }
}
