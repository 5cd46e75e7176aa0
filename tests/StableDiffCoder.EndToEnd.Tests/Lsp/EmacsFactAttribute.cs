namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A test that needs Emacs with eglot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EmacsFactAttribute() : ToolFactAttribute("emacs", "emacs-nox elpa-eglot");
