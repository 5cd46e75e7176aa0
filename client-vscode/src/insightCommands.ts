import { window } from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { days, silences } from "./insight";
import { clearStatisticsRequest, statisticsRequest, statusRequest } from "./lspExtensions";

/** Lists the last requests without a suggestion, with the rule that silenced each. */
export async function showSilences(client: LanguageClient): Promise<void> {
  const { decisions } = await client.sendRequest(statusRequest);
  const rows = silences(decisions);
  const none = [{ label: "No request went without a suggestion yet." }];
  await window.showQuickPick(rows.length > 0 ? rows : none, { title: "Why There Was No Suggestion", matchOnDetail: true });
}

/** Lists the counts of each day; they can be cleared. */
export async function showStatistics(client: LanguageClient): Promise<void> {
  const rows = days((await client.sendRequest(statisticsRequest)).days);
  const clear = { label: "$(trash) Clear statistics" };
  const none = [{ label: "Nothing was counted yet." }];
  const chosen = await window.showQuickPick(rows.length > 0 ? [...rows, clear] : none, { title: "Statistics of This Machine" });
  if (chosen === clear) {
    await client.sendRequest(clearStatisticsRequest);
  }
}
