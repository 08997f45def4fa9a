"""One draft on the screen: wizard, pages, findings."""

from typing import TYPE_CHECKING

from model.base.lazy import lazy_names

if TYPE_CHECKING:
    from ui.editor.due_label import DueLabel
    from ui.editor.step_list import StepList
    from ui.editor.wizard import Wizard
    from ui.editor.workbench import Workbench

__all__ = ["DueLabel", "StepList", "Wizard", "Workbench"]

if not TYPE_CHECKING:
    __getattr__ = lazy_names(
        __name__,
        {"due_label": ("DueLabel"), "step_list": ("StepList"), "wizard": ("Wizard"), "workbench": ("Workbench")},
    )
