using System.Runtime.InteropServices;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>stableDiffCoder/debug/text: lets a test compare the server's text with the client's. Served only to those who ask for it at the start.</summary>
internal sealed class DebugHandler(DocumentStore documents, Session session)
{
    /// <summary>What the server holds of a document.</summary>
    /// <exception cref="LspException">The client did not ask for debug requests (−32601).</exception>
    public DebugTextResponse Text(DebugTextParams parameters)
    {
        if (!session.ServesDebugRequests)
        {
            throw new LspException(
                LspErrorCodes.MethodNotFound,
                $"{LspMethods.DebugText} is for tests; set debugRequests to true in initializationOptions"
            );
        }
        DocumentSnapshot? snapshot = documents.Find(parameters.TextDocument.Uri);
        return new DebugTextResponse
        {
            Version = snapshot?.Version,
            Utf16 = snapshot is null ? null : Convert.ToBase64String(MemoryMarshal.AsBytes(snapshot.Text.AsSpan())),
            Problem = documents.ProblemOf(parameters.TextDocument.Uri),
        };
    }
}
