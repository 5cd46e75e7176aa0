using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// How every message of this server is read and written. <see cref="RequestId"/> and <see cref="CommonErrorData"/> are StreamJsonRpc's own:
/// without them it ignores <c>$/cancelRequest</c> and closes the connection on the first exception. A field that a client may leave out and
/// that has a default is a property with <c>set</c>: generated readers give an <c>init</c> one null or zero instead of its default.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict
)]
[JsonSerializable(typeof(RequestId))]
[JsonSerializable(typeof(CommonErrorData))]
[JsonSerializable(typeof(object))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(NoParams))]
[JsonSerializable(typeof(LostChangeParams))]
[JsonSerializable(typeof(StatusParams))]
[JsonSerializable(typeof(StatisticsResponse))]
[JsonSerializable(typeof(DidChangeWorkspaceFoldersParams))]
[JsonSerializable(typeof(SetTraceParams))]
[JsonSerializable(typeof(LogTraceParams))]
[JsonSerializable(typeof(ConfigurationParams))]
[JsonSerializable(typeof(DidChangeConfigurationParams))]
[JsonSerializable(typeof(RegistrationParams))]
[JsonSerializable(typeof(DebugTextParams))]
[JsonSerializable(typeof(DebugTextResponse))]
[JsonSerializable(typeof(DebugContextParams))]
[JsonSerializable(typeof(DebugContextResponse))]
[JsonSerializable(typeof(InitializeParams))]
[JsonSerializable(typeof(InitializeResult))]
[JsonSerializable(typeof(DidOpenTextDocumentParams))]
[JsonSerializable(typeof(DidChangeTextDocumentParams))]
[JsonSerializable(typeof(DidCloseTextDocumentParams))]
[JsonSerializable(typeof(DidSaveTextDocumentParams))]
[JsonSerializable(typeof(DidChangeWatchedFilesParams))]
[JsonSerializable(typeof(InlineCompletionParams))]
[JsonSerializable(typeof(InlineCompletionList))]
[JsonSerializable(typeof(ExecuteCommandParams))]
[JsonSerializable(typeof(InfillParams))]
[JsonSerializable(typeof(InfillResponse))]
[JsonSerializable(typeof(EditParams))]
[JsonSerializable(typeof(CodeActionParams))]
[JsonSerializable(typeof(CodeAction))]
[JsonSerializable(typeof(Diagnostic))]
[JsonSerializable(typeof(JsonElement[]))]
[JsonSerializable(typeof(DocumentArgument))]
[JsonSerializable(typeof(PositionArgument))]
[JsonSerializable(typeof(RangeArgument))]
[JsonSerializable(typeof(ApplyWorkspaceEditParams))]
[JsonSerializable(typeof(ApplyWorkspaceEditResult))]
[JsonSerializable(typeof(WorkspaceEdit))]
[JsonSerializable(typeof(CanvasProgressParams))]
[JsonSerializable(typeof(ShowMessageParams))]
[JsonSerializable(typeof(WorkDoneProgressCreateParams))]
[JsonSerializable(typeof(ProgressParams))]
internal sealed partial class LspJson : JsonSerializerContext;
