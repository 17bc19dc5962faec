// Rust's standard library for wasm32: from rustup where its host can be reached, else from Debian's sources.

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache } from "../lib/places.mjs";
import { exitCode, output, run, step, Stop } from "../lib/run.mjs";
import { aptHas, aptInstall, asRoot, canBeRoot, hasApt, refreshLists } from "./apt.mjs";

const target = "wasm32-unknown-unknown";

// rustup does not fail where its host can't be reached: it hangs.
const rustupPatienceMs = 60_000;

// Debian's Rust is newer than its release; `lld-22` is what its `rust-lld` points to.
const debianPackages = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];
const debianToolchain = "sandtable-debian";
const debianLibraries = `/usr/lib/rustlib/${target}/lib`;

/**
 * What the environment of a wasm build needs beside the usual; undefined while nothing here can build for wasm.
 * The toolchain is set for these builds only: clippy and rustfmt come with rustup's own.
 * @returns {Record<string, string> | undefined}
 */
export function wasmToolchain() {
  if (compiles({})) return {};
  const debian = { RUSTUP_TOOLCHAIN: debianToolchain };
  return compiles(debian) ? debian : undefined;
}

/** Leaves a toolchain that can build for wasm, or stops and says what to do by hand. */
export async function installWasmTarget() {
  const added = await step(`Adding Rust's ${target} target through rustup`, "a few seconds, given up after 60", () =>
    exitCode("rustup", ["target", "add", target], { quiet: true, timeoutMs: rustupPatienceMs }),
  );
  if (added === 0 && compiles({})) return;
  console.log("  rustup could not get it; Debian has a Rust with its library’s sources, from which it can be built.");
  await step(`Installing ${debianPackages.join(", ")}`, "about 40 s", installDebianRust);
  if (!compilesWith("/usr/bin/rustc", {})) await step("Building the standard library for wasm", "about 65 s", buildStd);
  await run("rustup", ["toolchain", "link", debianToolchain, "/usr"], { quiet: true });
  if (wasmToolchain() === undefined)
    throw new Stop(`The library was built, but rustc still can't use it for ${target}.`);
}

async function installDebianRust() {
  const byHand = `Run «rustup target add ${target}» where rustup can reach its host, then try again.`;
  if (!hasApt()) throw new Stop(`No way left to get Rust's ${target} target here: there is no apt-get.\n  ${byHand}`);
  if (!canBeRoot()) {
    throw new Stop(
      `apt-get needs root. ${byHand}\n  Or: sudo apt-get install --no-install-recommends ${debianPackages.join(" ")}`,
    );
  }
  await refreshLists();
  if (!aptHas(debianPackages)) throw new Stop(`This system's archive has no ${debianPackages[0]}. ${byHand}`);
  await aptInstall(debianPackages);
}

async function buildStd() {
  const stub = join(cache, "std");
  rmSync(stub, { recursive: true, force: true });
  mkdirSync(join(stub, "src"), { recursive: true });
  writeFileSync(join(stub, "Cargo.toml"), '[package]\nname = "stub"\nedition = "2021"\n[workspace]\n');
  writeFileSync(join(stub, "src", "lib.rs"), "#![no_std]\n");
  // `test` is what doc tests and wasm-bindgen-test link to.
  await run("/usr/bin/cargo", ["build", "--release", "-Z", "build-std=std,panic_abort,test", "--target", target], {
    cwd: stub,
    quiet: true,
    env: { RUSTC: "/usr/bin/rustc", RUSTC_BOOTSTRAP: "1", CARGO_TARGET_DIR: join(stub, "target") },
  });
  const built = join(stub, "target", target, "release", "deps");
  const ready = join(stub, "lib");
  for (const file of readdirSync(built)) {
    if (file.endsWith(".rlib") && !file.startsWith("libstub-")) cpSync(join(built, file), join(ready, file));
  }
  // Libraries of an older compiler beside the new ones would be ambiguous.
  if (existsSync(debianLibraries)) await asRoot("rm", ["-r", debianLibraries]);
  await asRoot("mkdir", ["-p", debianLibraries]);
  await asRoot("cp", ["-r", `${ready}/.`, debianLibraries]);
  rmSync(stub, { recursive: true });
}

/** @param {Record<string, string>} env */
const compiles = (env) => compilesWith("rustc", env);

/**
 * An empty library is enough to tell whether `std` is there, and made by this very compiler.
 * @param {string} rustc
 * @param {Record<string, string>} env
 */
function compilesWith(rustc, env) {
  const args = [
    "--target",
    target,
    "--crate-type",
    "lib",
    "--crate-name",
    "probe",
    "--emit",
    "metadata",
    "-o",
    "-",
    "-",
  ];
  return output(rustc, args, { env }) !== undefined;
}
