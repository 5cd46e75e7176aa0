// What @vscode/vsce looks at when it is imported; see package.json.
module.exports = {};
