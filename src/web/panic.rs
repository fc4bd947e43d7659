//! Panics of the wasm: the console says where, and a listener receives the message.

use std::cell::RefCell;

use js_sys::Function;
use wasm_bindgen::prelude::*;

thread_local! {
    static LISTENER: RefCell<Option<Function>> = const { RefCell::new(None) };
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs once, when the wasm is loaded.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // Inside a panic nothing may panic again: whatever does not work is left out.
        let message = info.to_string();
        MESSAGE.with(|slot| {
            if let Ok(mut slot) = slot.try_borrow_mut() {
                *slot = Some(message.clone());
            }
        });
        let listener = LISTENER.with(|slot| slot.try_borrow().ok().and_then(|slot| slot.clone()));
        if let Some(listener) = listener {
            let _ = listener.call1(&JsValue::NULL, &message.into());
        }
    }));
}

/// Calls `listener` with the message if the wasm ever panics. After that, nothing of it may be called but
/// [`panic_message`] and [`Sandbox::rescue`](super::sandbox::Sandbox::rescue), and even these may fail.
#[wasm_bindgen]
pub fn on_panic(#[wasm_bindgen(unchecked_param_type = "(message: string) => void")] listener: Function) {
    LISTENER.with(|slot| *slot.borrow_mut() = Some(listener));
}

/// Which lsmscope this is: asked for beforehand, for a report.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// What the panic said, if there was one.
#[wasm_bindgen]
pub fn panic_message() -> Option<String> {
    MESSAGE.with(|slot| slot.borrow().clone())
}
