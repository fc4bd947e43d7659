#![no_main]

#[path = "../../tests/decoders/targets.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::info_log(data));
