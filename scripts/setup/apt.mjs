// Debian's packages, for machines that have them and a way to become root.

import { output, run, Stop } from "../lib/run.mjs";

let listsAreFresh = false;

/**
 * @param {readonly string[]} packages
 * @returns {boolean} Whether apt knows every one of them.
 */
export function aptHas(packages) {
  return packages.every((name) => /Candidate: \d/.test(output("apt-cache", ["policy", name]) ?? ""));
}

/** @param {readonly string[]} packages */
export async function aptInstall(packages) {
  await refreshLists();
  await asRoot("apt-get", ["install", "-y", "--no-install-recommends", ...packages]);
}

/** A fresh machine may have no lists at all, so look only after this. */
export async function refreshLists() {
  if (listsAreFresh) return;
  await asRoot("apt-get", ["update"]);
  listsAreFresh = true;
}

export const hasApt = () => output("apt-get", ["--version"]) !== undefined;

export function canBeRoot() {
  return process.getuid?.() === 0 || sudo() !== undefined;
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
export async function asRoot(command, args) {
  const options = { quiet: true, env: { DEBIAN_FRONTEND: "noninteractive" } };
  if (process.getuid?.() === 0) return run(command, args, options);
  const prefix = sudo();
  if (prefix === undefined)
    throw new Stop(`Needs root. Run by hand, then try again:\n    sudo ${command} ${args.join(" ")}`);
  return run("sudo", [...prefix, command, ...args], options);
}

/** sudo asks for its password on the terminal itself; without a terminal it must not ask. */
function sudo() {
  if (output("sudo", ["-n", "true"]) !== undefined) return ["-n"];
  return process.stdout.isTTY && output("sudo", ["--version"]) !== undefined ? [] : undefined;
}
