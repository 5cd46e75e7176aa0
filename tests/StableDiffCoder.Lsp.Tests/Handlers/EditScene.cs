using System.Text.Json;
using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Handlers;

/// <summary>A document, an edit of one of its lines, and how both reach the server.</summary>
internal static class EditScene
{
    public const string Document = "file:///a.cs";
    public const string Text = "class C\r\n{\r\n    int a = 1;\r\n    int b = 2;\r\n}\r\n";
    public const string LineOfA = """{"start":{"line":2,"character":0},"end":{"line":2,"character":14}}""";
    public static readonly Func<EditRequest, string> Rename = request =>
        request.Text.Substring(request.Span.Start, request.Span.Length).Replace(" a ", " counter ", StringComparison.Ordinal);

    public static async Task<InMemorySession> OpenAsync(ScriptedEngine engine, string text = Text)
    {
        InMemorySession session = await InMemorySession.ReadyAsync(engine, ScriptedEngine.AsItIs);
        await session.Client.OpenAsync(Document, text);
        return session;
    }

    public static Task<JsonObject> EditAsync(InMemorySession session, string range, string more = "", int? version = null) =>
        session.Client.RequestAsync("stableDiffCoder/edit", Parameters(range, more, version));

    public static string Parameters(string range, string more = "", int? version = null)
    {
        string versioned = version is null ? "" : $""","version":{version}""";
        string instruction = JsonSerializer.Serialize("rename a");
        return $$"""{"textDocument":{"uri":"{{Document}}"{{versioned}} },"range":{{range}},"instruction":{{instruction}}{{more}} }""";
    }
}
