using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Tests.Protocol;

/// <summary>What a client leaves out has its default.</summary>
public sealed class MissingFieldTests
{
    [Fact]
    public void Read_FieldsThatAreMissing_HaveTheirDefaults()
    {
        Assert.Equal("", Read(LspJson.Default.TextDocumentItem, """{"uri":"file:///a","version":1,"text":""}""").LanguageId);
        Assert.Equal(2, Read(LspJson.Default.InlineCompletionContext, "{}").TriggerKind);
        Assert.Empty(Read(LspJson.Default.CodeActionContext, "{}").Diagnostics);
        Assert.Empty(Read(LspJson.Default.ExecuteCommandParams, """{"command":"c"}""").Arguments);
        Assert.Empty(Read(LspJson.Default.WorkspaceFoldersChangeEvent, "{}").Added);
        Assert.Empty(Read(LspJson.Default.WorkspaceFoldersChangeEvent, "{}").Removed);
        Assert.Empty(Read(LspJson.Default.DidChangeWatchedFilesParams, "{}").Changes);
    }

    private static T Read<T>(JsonTypeInfo<T> type, string json) => JsonSerializer.Deserialize(json, type)!;
}
