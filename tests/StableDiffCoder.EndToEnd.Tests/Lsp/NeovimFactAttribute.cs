namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A test that needs Neovim 0.7 or newer.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeovimFactAttribute() : ToolFactAttribute("nvim", "neovim");
