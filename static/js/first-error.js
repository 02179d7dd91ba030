/**
 * Puts the cursor into the first field that was refused, so that the keyboard is where the work is.
 *
 *   <input aria-invalid="true">
 */
document.querySelector("main [aria-invalid='true']")?.focus();
