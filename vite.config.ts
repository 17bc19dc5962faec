import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: "www",
  // Relative, so that the folder works wherever a static host puts it.
  base: "./",
  cacheDir: "../node_modules/.vite",
  build: {
    target: "es2023",
    // Hosts with a strict content policy block data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    // Its polyfill is for browsers that can't run the page anyway.
    modulePreload: { polyfill: false },
    sourcemap: true,
    emptyOutDir: true,
  },
  worker: { format: "es" },
  plugins: [
    VitePWA({
      registerType: "autoUpdate",
      // A file of its own: an inline script would need an exception in the content policy.
      injectRegister: "script-defer",
      workbox: {
        globPatterns: ["**/*.{html,js,css,wasm,json,svg,png,log,csv,gz}"],
        maximumFileSizeToCacheInBytes: 8_000_000,
      },
      manifest: {
        name: "Sandtable",
        short_name: "Sandtable",
        description: "System-design patterns, running for real, under traffic you choose",
        theme_color: "#091f40",
        background_color: "#091f40",
        display: "standalone",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
    }),
  ],
  test: { include: ["src/**/*.test.ts"] },
});
