// eslint.config.js - what scripts of ours must not do.
// SPDX-License-Identifier: GPL-2.0-or-later
"use strict";

const names = (list) => Object.fromEntries(list.split(" ")
	.map((n) => [n, "readonly"]));

const rules = {
	"eqeqeq": "error",
	"no-eval": "error",
	"no-fallthrough": "error",
	"no-implied-eval": "error",
	"no-redeclare": "error",
	"no-shadow": "error",
	"no-undef": "error",
	"no-unreachable": "error",
	"no-unused-vars": ["error", { caughtErrors: "none" }],
	"no-var": "error",
	"prefer-const": "error",
	// Text of a profile must never become markup.
	"no-restricted-properties": ["error", { property: "innerHTML" },
		{ property: "outerHTML" }, { property: "insertAdjacentHTML" },
		{ object: "document", property: "write" }],
};
const page = names("document window location history navigator setTimeout " +
	"clearTimeout getComputedStyle URLSearchParams TextEncoder DOMPoint requestAnimationFrame");
const node = names("require module process console Buffer __dirname");

module.exports = [{
	files: ["**/*.js"],
	languageOptions: { ecmaVersion: 2021, sourceType: "script",
		globals: { ...page, ...node } },
	rules,
}];
