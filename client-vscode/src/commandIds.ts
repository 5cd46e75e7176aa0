/** The client's commands, as package.json declares them. */
export const commandIds = {
  infill: "stableDiffCoder.infill",
  edit: "stableDiffCoder.edit",
  fixDiagnostic: "stableDiffCoder.fixDiagnostic",
  acceptPreview: "stableDiffCoder.acceptPreview",
  rejectPreview: "stableDiffCoder.rejectPreview",
  showMenu: "stableDiffCoder.showMenu",
  togglePause: "stableDiffCoder.togglePause",
  toggleLanguage: "stableDiffCoder.toggleLanguage",
  chooseModel: "stableDiffCoder.chooseModel",
  showSilences: "stableDiffCoder.showSilences",
  showStatistics: "stableDiffCoder.showStatistics",
  showLog: "stableDiffCoder.showLog",
  restart: "stableDiffCoder.restart",
  openSettings: "stableDiffCoder.openSettings",
} as const;
