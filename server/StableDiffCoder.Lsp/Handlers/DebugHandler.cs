using System.Runtime.InteropServices;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>stableDiffCoder/debug/…: lets a test see what the server holds. Served only to those who ask for it at the start.</summary>
internal sealed class DebugHandler(DocumentStore documents, Session session, WorkspaceContext context)
{
    /// <summary>What the server holds of a document.</summary>
    /// <exception cref="LspException">The client did not ask for debug requests (−32601).</exception>
    public DebugTextResponse Text(DebugTextParams parameters)
    {
        Require(LspMethods.DebugText);
        DocumentSnapshot? snapshot = documents.Find(parameters.TextDocument.Uri);
        return new DebugTextResponse
        {
            Version = snapshot?.Version,
            Utf16 = snapshot is null ? null : Convert.ToBase64String(MemoryMarshal.AsBytes(snapshot.Text.AsSpan())),
            Problem = documents.ProblemOf(parameters.TextDocument.Uri),
        };
    }

    /// <summary>What the model would be shown of other files.</summary>
    /// <exception cref="LspException">The client did not ask for debug requests (−32601).</exception>
    public DebugContextResponse Context(DebugContextParams parameters)
    {
        Require(LspMethods.DebugContext);
        return new DebugContextResponse
        {
            Snippets = documents.Find(parameters.TextDocument.Uri) is DocumentSnapshot snapshot
                ?
                [
                    .. context
                        .Snippets(snapshot, snapshot.Lines.OffsetAt(parameters.Position))
                        .Select(snippet => new DebugContextSnippet { Path = snippet.Path, Text = snippet.Text }),
                ]
                : [],
        };
    }

    private void Require(string method)
    {
        if (!session.ServesDebugRequests)
        {
            throw new LspException(
                LspErrorCodes.MethodNotFound,
                $"{method} is for tests; set debugRequests to true in initializationOptions"
            );
        }
    }
}
