namespace StableDiffCoder.Lsp;

internal static class Placeholder;
