/** What every page can use; each module is one behaviour. */
import "./account-menu.js";
import "./copy-text.js";
import "./first-error.js";
import "./keep-open.js";
import "./outbox-sender.js";
import "./remember-box.js";
import "./shortcut-keys.js";
import "./signed-out.js";
