// The package of a platform, as a newcomer gets it: installed into an editor as it comes, with nothing set.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commandLine } from "./processes.mjs";
import { packWithServer, useEditor } from "./session.mjs";

const source = `using System;
using System.Collections.Generic;

namespace Shop;

public class Customer
{
    private readonly string name;
    private readonly List<string> orders = new List<string>();

    public Customer(string name)
    {
        ¦
    }

    public int Count()
    {
        return orders.Count;
    }
}
`;
// What somebody types there, with a pause after each piece.
const typed = ["if (name ==", " null)", "\n{\nthrow", " new", " ArgumentNullException(nameof"];

const current = useEditor({ vsix: packWithServer, untouched: true, settings: {}, machineSettings: {}, env: {} });

test("suggestions come while an ordinary file is typed, and Tab takes one", async (context) => {
  const editor = current();
  const before = await editor.open("Customer.cs", source);
  await editor.status(/ready/);
  const offered = [];
  for (const piece of typed) {
    await editor.type(piece);
    const ghost = await editor.ghostTextWithin(8_000);
    if (ghost) {
      offered.push(`${piece.trim()} → ${ghost}`);
      await editor.screenshot("packaged");
    }
  }
  offered.forEach((offer) => context.diagnostic(offer));
  assert.ok(offered.length * 2 >= typed.length, `${offered.length} of ${typed.length} places had a suggestion`);
  const [server] = editor.serverProcesses();
  assert.match(commandLine(server)[0], /\/extensions\/stable-diffcoder[^/]*\/server\/stable-diffcoder$/);
  const ghost = await editor.ghostText();
  assert.equal(editor.onDisk("Customer.cs"), before);
  await editor.press("Tab");
  // What the editor had closed by itself stands between the pieces of the suggestion.
  const signs = [...ghost.split("\n")[0].replaceAll(/\s/g, "")].map((sign) => sign.replaceAll(/\W/g, "\\$&"));
  const taken = new RegExp(`nameof.*${signs.join(".*")}`);
  await editor.saved("Customer.cs", (text) => taken.test(text));
  await editor.screenshot("packaged-accepted");
});

test("Alt+\\ shows the best there is where the model is too unsure to speak unasked", async () => {
  const editor = current();
  await editor.open("Asked.cs", "class A\n{\n    public override string ToString()\n    {\n        return¦\n    }\n}\n");
  await editor.type(" ");
  assert.equal(await editor.ghostTextWithin(3_000), "");
  await editor.press("Alt+\\");
  await editor.ghostText();
  await editor.screenshot("packaged-asked");
  await editor.press("Escape");
});
