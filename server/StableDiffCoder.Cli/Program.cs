using StableDiffCoder.Engine.Runtime;
using TorchSharp;

TorchRuntime.EnsureLoaded();
Console.WriteLine(torch.ones(2, 2).bfloat16().matmul(torch.ones(2, 2).bfloat16()).sum().ToSingle());
